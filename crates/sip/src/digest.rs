//! Digest authentication with MD5 and SHA-256 (RFC 3261 section 22, RFC 7616, RFC 8760).

use md5::{Digest, Md5};
use sha2::Sha256;

use crate::config::DigestAlgorithm;
use crate::message::{quote, split_list};

/// A challenge that can be answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Challenge {
    realm: String,
    nonce: String,
    opaque: Option<String>,
    /// `None`: the challenge named no algorithm, which means MD5.
    algorithm: Option<DigestAlgorithm>,
    session: bool,
    qop: bool,
    /// The credentials were right, only the nonce was too old.
    pub(crate) stale: bool,
}

/// Who answers a challenge.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Credentials<'a> {
    pub(crate) user: &'a str,
    pub(crate) password: &'a str,
}

/// What the credentials of a request are worth, in the role of a registrar.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// They are right; the user they belong to.
    Right(String),
    /// They are right, but were made from a nonce that is no longer taken.
    Stale,
    /// They are wrong, or there is no such user.
    Wrong,
}

impl Challenge {
    /// Reads a WWW-Authenticate or Proxy-Authenticate value; `None` when it cannot be answered.
    pub(crate) fn parse(value: &str) -> Option<Self> {
        let fields = Fields::parse(value)?;
        let (algorithm, session) = match fields.get("algorithm") {
            None => (None, false),
            Some(name) => {
                let (algorithm, session) = algorithm_named(name)?;
                (Some(algorithm), session)
            }
        };
        let offers = fields.get("qop");
        let qop = offers.is_some_and(|list| list.split(',').any(|q| q.trim().eq_ignore_ascii_case("auth")));
        if offers.is_some() && !qop {
            return None;
        }
        Some(Self {
            realm: fields.get("realm")?.to_owned(),
            nonce: fields.get("nonce")?.to_owned(),
            opaque: fields.get("opaque").map(str::to_owned),
            algorithm,
            session,
            qop,
            stale: fields.get("stale").is_some_and(|s| s.eq_ignore_ascii_case("true")),
        })
    }

    /// The first that can be answered: a server lists them in its order of preference (RFC 8760 section 2.4).
    pub(crate) fn choose<'a>(values: impl IntoIterator<Item = &'a str>) -> Option<Self> {
        values.into_iter().find_map(Self::parse)
    }

    /// The Authorization or Proxy-Authorization value.
    ///
    /// `uri` is the Request-URI as it is written; `count` is how often this nonce was used, from 1.
    pub(crate) fn answer(
        &self,
        who: Credentials<'_>,
        method: &str,
        uri: &str,
        count: u32,
        cnonce: &str,
    ) -> String {
        let hash = |text: String| hash(self.algorithm.unwrap_or_default(), &text);
        let mut ha1 = hash(format!("{}:{}:{}", who.user, self.realm, who.password));
        if self.session {
            ha1 = hash(format!("{ha1}:{}:{cnonce}", self.nonce));
        }
        let ha2 = hash(format!("{method}:{uri}"));
        let response = if self.qop {
            hash(format!("{ha1}:{}:{count:08x}:{cnonce}:auth:{ha2}", self.nonce))
        } else {
            hash(format!("{ha1}:{}:{ha2}", self.nonce))
        };
        let mut value = format!(
            "Digest username={}, realm={}, nonce={}, uri={}, response=\"{response}\"",
            quote(who.user),
            quote(&self.realm),
            quote(&self.nonce),
            quote(uri)
        );
        if let Some(algorithm) = self.algorithm {
            let suffix = if self.session { "-sess" } else { "" };
            value.push_str(&format!(", algorithm={}{suffix}", name_of(algorithm)));
        }
        if self.qop {
            value.push_str(&format!(", qop=auth, nc={count:08x}, cnonce={}", quote(cnonce)));
        } else if self.session {
            value.push_str(&format!(", cnonce={}", quote(cnonce)));
        }
        if let Some(opaque) = &self.opaque {
            value.push_str(&format!(", opaque={}", quote(opaque)));
        }
        value
    }
}

/// A WWW-Authenticate value, in the role of a registrar.
pub(crate) fn challenge(realm: &str, nonce: &str, algorithm: DigestAlgorithm, stale: bool) -> String {
    let stale = if stale { ", stale=true" } else { "" };
    let (realm, nonce, name) = (quote(realm), quote(nonce), name_of(algorithm));
    format!("Digest realm={realm}, nonce={nonce}, algorithm={name}, qop=\"auth\"{stale}")
}

/// Judges an Authorization value, in the role of a registrar.
///
/// `password` looks a user up; `fresh` tells whether a nonce is still taken.
pub(crate) fn verify(
    value: &str,
    method: &str,
    realm: &str,
    algorithm: DigestAlgorithm,
    password: impl Fn(&str) -> Option<String>,
    fresh: impl Fn(&str) -> bool,
) -> Verdict {
    let judged = || {
        let fields = Fields::parse(value)?;
        let named = fields.get("algorithm").map_or(Some((DigestAlgorithm::Md5, false)), algorithm_named)?;
        if fields.get("realm")? != realm || named.0 != algorithm {
            return None;
        }
        let user = fields.get("username")?;
        let nonce = fields.get("nonce")?;
        let count = u32::from_str_radix(fields.get("nc").unwrap_or("1"), 16).ok()?;
        let expected = Challenge {
            realm: realm.to_owned(),
            nonce: nonce.to_owned(),
            opaque: None,
            algorithm: Some(algorithm),
            session: named.1,
            qop: fields.get("qop").is_some(),
            stale: false,
        };
        let secret = password(user)?;
        let who = Credentials { user, password: &secret };
        let expected =
            expected.answer(who, method, fields.get("uri")?, count, fields.get("cnonce").unwrap_or(""));
        if Fields::parse(&expected)?.get("response") != fields.get("response") {
            return None;
        }
        Some(if fresh(nonce) { Verdict::Right(user.to_owned()) } else { Verdict::Stale })
    };
    judged().unwrap_or(Verdict::Wrong)
}

/// The parameters of a `Digest …` value.
struct Fields(Vec<(String, String)>);

impl Fields {
    fn parse(value: &str) -> Option<Self> {
        let (scheme, rest) = value.trim().split_once([' ', '\t'])?;
        if !scheme.eq_ignore_ascii_case("Digest") {
            return None;
        }
        let pair = |entry: String| {
            let (name, value) = entry.split_once('=')?;
            Some((name.trim().to_ascii_lowercase(), unquoted(value.trim())))
        };
        Some(Self(split_list(rest).into_iter().filter_map(pair).collect()))
    }

    fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

fn unquoted(value: &str) -> String {
    let Some(inner) = value.strip_prefix('"').and_then(|v| v.strip_suffix('"')) else {
        return value.to_owned();
    };
    let mut plain = String::new();
    let mut chars = inner.chars();
    while let Some(c) = chars.next() {
        plain.extend(if c == '\\' { chars.next() } else { Some(c) });
    }
    plain
}

fn algorithm_named(name: &str) -> Option<(DigestAlgorithm, bool)> {
    let name = name.to_ascii_uppercase();
    let (base, session) = match name.strip_suffix("-SESS") {
        Some(base) => (base, true),
        None => (name.as_str(), false),
    };
    match base {
        "MD5" => Some((DigestAlgorithm::Md5, session)),
        "SHA-256" => Some((DigestAlgorithm::Sha256, session)),
        _ => None,
    }
}

fn name_of(algorithm: DigestAlgorithm) -> &'static str {
    match algorithm {
        DigestAlgorithm::Md5 => "MD5",
        DigestAlgorithm::Sha256 => "SHA-256",
    }
}

fn hash(algorithm: DigestAlgorithm, text: &str) -> String {
    match algorithm {
        DigestAlgorithm::Md5 => hex(&Md5::digest(text.as_bytes())),
        DigestAlgorithm::Sha256 => hex(&Sha256::digest(text.as_bytes())),
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const WHO: Credentials<'_> = Credentials { user: "Mufasa", password: "Circle of Life" };

    /// RFC 7616 section 3.9.1.
    #[test]
    fn answers_as_the_rfc_does() {
        for (algorithm, response) in [
            ("MD5", "8ca523f5e9506fed4657c9700eebdbec"),
            ("SHA-256", "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1"),
        ] {
            let challenge = format!(
                "Digest realm=\"http-auth@example.org\", qop=\"auth, auth-int\", algorithm={algorithm}, \
                 nonce=\"7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v\", \
                 opaque=\"FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS\""
            );
            let cnonce = "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ";
            let answer =
                Challenge::parse(&challenge).unwrap().answer(WHO, "GET", "/dir/index.html", 1, cnonce);
            assert!(answer.contains(&format!("response=\"{response}\"")), "{answer}");
        }
    }

    #[test]
    fn what_is_answered_is_verified() {
        for algorithm in [DigestAlgorithm::Md5, DigestAlgorithm::Sha256] {
            let challenge = Challenge::parse(&challenge("site", "n1", algorithm, false)).unwrap();
            let answer = challenge.answer(WHO, "REGISTER", "sip:site", 1, "c");
            let judge = |password: &'static str, fresh: bool| {
                let known = move |user: &str| (user == "Mufasa").then(|| password.to_owned());
                verify(&answer, "REGISTER", "site", algorithm, known, |_| fresh)
            };
            assert_eq!(judge("Circle of Life", true), Verdict::Right("Mufasa".into()));
            assert_eq!(judge("Circle of Life", false), Verdict::Stale);
            assert_eq!(judge("Hakuna", true), Verdict::Wrong);
        }
    }

    #[test]
    fn takes_the_first_challenge_that_it_can_answer() {
        let values = [
            "Bearer realm=\"x\"",
            "Digest realm=\"r\", nonce=\"n\", algorithm=SHA-512-256",
            "Digest realm=\"r\", nonce=\"n\", qop=\"auth-int\"",
            "Digest realm=\"r\", nonce=\"1\", algorithm=SHA-256, stale=TRUE",
            "Digest realm=\"r\", nonce=\"2\"",
        ];
        let chosen = Challenge::choose(values).unwrap();
        assert!(chosen.nonce == "1" && chosen.stale && !chosen.qop);
        assert_eq!(Challenge::choose(["", "Digest", "Digest ,,=\"", "Basic x"]), None);
    }

    #[test]
    fn no_credentials_are_wrong_credentials() {
        let judge = |value: &str| {
            verify(value, "REGISTER", "site", DigestAlgorithm::Md5, |_| Some(String::new()), |_| true)
        };
        for value in ["", "Digest", "Digest username=\"a\"", "Digest nc=xyz, realm=\"site\""] {
            assert_eq!(judge(value), Verdict::Wrong);
        }
    }
}
