//! Requests and responses as this user agent writes them (RFC 3261 sections 8.1.1 and 8.2.6).

use bytes::Bytes;
use rsipstack::sip::headers::Headers;
use rsipstack::sip::{Header, HeadersExt, Method, Request, Response, StatusCode, Uri, Version};
use rsipstack::transaction::random_text;

/// The methods that are understood, as the Allow header lists them.
pub(crate) const ALLOW: &str = "INVITE, ACK, CANCEL, BYE, OPTIONS, INFO";

/// The media type of session descriptions.
pub(crate) const SDP: &str = "application/sdp";

/// A body with its Content-Type.
#[derive(Clone, Debug)]
pub(crate) struct Content {
    pub(crate) kind: String,
    pub(crate) body: Bytes,
}

impl Content {
    pub(crate) fn sdp(body: Bytes) -> Self {
        Self { kind: SDP.to_owned(), body }
    }

    /// The body of a message, when it has one.
    pub(crate) fn of(headers: &Headers, body: &[u8]) -> Option<Self> {
        if body.is_empty() {
            return None;
        }
        let kind = headers.iter().find_map(|header| match header {
            Header::ContentType(kind) => Some(kind.value().trim().to_owned()),
            _ => None,
        });
        Some(Self { kind: kind.unwrap_or_default(), body: Bytes::copy_from_slice(body) })
    }

    /// Whether it is a session description.
    pub(crate) fn is_sdp(&self) -> bool {
        let kind = self.kind.split(';').next().unwrap_or_default().trim();
        kind.eq_ignore_ascii_case(SDP)
    }
}

/// What every request needs, beside what its method adds.
pub(crate) struct Outline<'a> {
    pub(crate) method: Method,
    pub(crate) uri: Uri,
    pub(crate) from: &'a str,
    pub(crate) to: &'a str,
    pub(crate) call_id: &'a str,
    pub(crate) seq: u32,
    pub(crate) routes: &'a [String],
    pub(crate) user_agent: &'a str,
}

/// A request without Via, which is written when its way is known.
pub(crate) fn request(outline: Outline<'_>, extra: Vec<Header>, content: Option<Content>) -> Request {
    let mut headers: Vec<Header> = outline.routes.iter().map(|r| Header::Route(r.clone().into())).collect();
    headers.extend([
        Header::MaxForwards(70.into()),
        Header::From(outline.from.into()),
        Header::To(outline.to.into()),
        Header::CallId(outline.call_id.into()),
        Header::CSeq(format!("{} {}", outline.seq, outline.method).into()),
        Header::UserAgent(outline.user_agent.into()),
    ]);
    headers.extend(extra);
    let mut request = Request {
        method: outline.method,
        uri: outline.uri,
        version: Version::V2,
        headers: headers.into(),
        body: Vec::new(),
    };
    if let Some(content) = content {
        request.headers.push(Header::ContentType(content.kind.into()));
        request.body = content.body.to_vec();
    }
    request.headers.push(Header::ContentLength((request.body.len() as u32).into()));
    request
}

/// A response with the headers that RFC 3261 section 8.2.6 copies from the request.
///
/// `tag` goes into the To header when the request had none there.
pub(crate) fn response(
    request: &Request,
    status: u16,
    tag: &str,
    server: &str,
    extra: Vec<Header>,
    content: Option<Content>,
) -> Response {
    let dialog_forming = request.method == Method::Invite && (101..300).contains(&status);
    let mut headers = Headers::default();
    for header in request.headers.iter() {
        match header {
            Header::Via(_) | Header::From(_) | Header::CallId(_) | Header::CSeq(_) | Header::Timestamp(_) => {
                headers.push(header.clone());
            }
            Header::RecordRoute(_) if dialog_forming => headers.push(header.clone()),
            Header::To(to) => {
                let tagged = matches!(to.tag(), Ok(Some(_)));
                let value = if tagged || status == 100 {
                    to.value().to_owned()
                } else {
                    format!("{};tag={tag}", to.value())
                };
                headers.push(Header::To(value.into()));
            }
            _ => {}
        }
    }
    headers.push(Header::Server(server.into()));
    headers.extend(extra);
    let mut response = Response {
        status_code: StatusCode::from(status),
        version: Version::V2,
        headers,
        ..Response::default()
    };
    if let Some(content) = content {
        response.headers.push(Header::ContentType(content.kind.into()));
        response.body = content.body.to_vec();
    }
    response.headers.push(Header::ContentLength((response.body.len() as u32).into()));
    response
}

/// The headers that tell a peer what it may do (RFC 3261 sections 11.2 and 13.2.1).
pub(crate) fn capabilities() -> Vec<Header> {
    vec![Header::Allow(ALLOW.into()), Header::Supported("".into())]
}

/// The tag of a From or To header, empty when there is none.
pub(crate) fn from_tag(message: &impl HeadersExt) -> String {
    let tag = message.from_header().ok().and_then(|h| h.tag().ok().flatten());
    tag.map(|t| t.value().to_owned()).unwrap_or_default()
}

/// The tag of a To header, empty when there is none.
pub(crate) fn to_tag(message: &impl HeadersExt) -> String {
    let tag = message.to_header().ok().and_then(|h| h.tag().ok().flatten());
    tag.map(|t| t.value().to_owned()).unwrap_or_default()
}

/// The Call-ID, empty when there is none.
pub(crate) fn call_id(message: &impl HeadersExt) -> String {
    message.call_id_header().map(|h| h.value().trim().to_owned()).unwrap_or_default()
}

/// The CSeq number, 0 when there is none.
pub(crate) fn seq(message: &impl HeadersExt) -> u32 {
    message.cseq_header().and_then(|h| h.seq()).unwrap_or_default()
}

/// The reason phrase as it was on the wire.
pub(crate) fn reason_phrase(response: &Response) -> String {
    response.wire_reason.clone().unwrap_or_else(|| response.status_code.text().to_owned())
}

/// A fresh tag (RFC 3261 section 19.3 asks for 32 random bits; this has 71).
pub(crate) fn new_tag() -> String {
    random_text(12)
}

/// A fresh Call-ID.
pub(crate) fn new_call_id() -> String {
    random_text(24)
}

/// A fresh branch with the magic cookie (RFC 3261 section 8.1.1.7).
pub(crate) fn new_branch() -> String {
    format!("z9hG4bK{}", random_text(16))
}

/// The entries of a header that lists several, split at the commas outside quotes and angle brackets.
pub(crate) fn split_list(value: &str) -> Vec<String> {
    let mut entries = Vec::new();
    let mut entry = String::new();
    let (mut quoted, mut escaped, mut angle) = (false, false, false);
    for c in value.chars() {
        match c {
            _ if escaped => escaped = false,
            '\\' if quoted => escaped = true,
            '"' => quoted = !quoted,
            '<' if !quoted => angle = true,
            '>' if !quoted => angle = false,
            ',' if !quoted && !angle => {
                entries.push(std::mem::take(&mut entry));
                continue;
            }
            _ => {}
        }
        entry.push(c);
    }
    entries.push(entry);
    entries.iter().map(|e| e.trim().to_owned()).filter(|e| !e.is_empty()).collect()
}

/// The URI of a name-addr or addr-spec, `<sip:door@host;lr>;tag=…` (RFC 3261 section 20.10).
pub(crate) fn uri_of(entry: &str) -> Option<Uri> {
    let inner = match entry.find('<') {
        Some(start) => entry.get(start + 1..)?.split('>').next()?,
        None => entry.split(';').next()?,
    };
    Uri::try_from(inner.trim()).ok()
}

/// The display name before a name-addr, without its quotes.
pub(crate) fn display_name(entry: &str) -> Option<String> {
    let before = entry.get(..entry.rfind('<')?)?.trim();
    let name = match before.strip_prefix('"').and_then(|b| b.strip_suffix('"')) {
        Some(quoted) => {
            let mut plain = String::new();
            let mut chars = quoted.chars();
            while let Some(c) = chars.next() {
                plain.extend(if c == '\\' { chars.next() } else { Some(c) });
            }
            plain
        }
        None => before.to_owned(),
    };
    let name = name.trim();
    (!name.is_empty()).then(|| name.to_owned())
}

/// Text as a quoted-string, with nothing in it that could end the header line.
pub(crate) fn quote(text: &str) -> String {
    let mut quoted = String::from('"');
    for c in text.chars().filter(|c| !c.is_control()) {
        if matches!(c, '"' | '\\') {
            quoted.push('\\');
        }
        quoted.push(c);
    }
    quoted.push('"');
    quoted
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_split_outside_quotes_and_brackets() {
        assert_eq!(
            split_list("<sip:a;x=1,2>, \"Flat 12, door\" <sip:b> ,"),
            ["<sip:a;x=1,2>", "\"Flat 12, door\" <sip:b>"]
        );
        assert!(split_list(" , ,").is_empty());
    }

    #[test]
    fn names_and_addresses_come_apart() {
        for (entry, name, uri) in [
            ("<sip:door@h>;tag=1", None, "sip:door@h"),
            ("Main entrance <sip:door@h:5070>", Some("Main entrance"), "sip:door@h:5070"),
            ("\"Main \\\"A\\\"\" <sip:d@h;lr>", Some("Main \"A\""), "sip:d@h;lr"),
            ("sip:door@h;tag=2", None, "sip:door@h"),
        ] {
            assert_eq!(display_name(entry).as_deref(), name, "{entry}");
            assert_eq!(uri_of(entry).unwrap().to_string(), uri, "{entry}");
        }
        assert!(uri_of("<>").is_none());
    }

    #[test]
    fn nothing_breaks_out_of_a_quoted_string() {
        assert_eq!(quote("a\"b\\c\r\nd"), "\"a\\\"b\\\\cd\"");
    }
}
