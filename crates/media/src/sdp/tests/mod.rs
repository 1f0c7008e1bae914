mod exchange;
mod formats;

use std::net::IpAddr;

use super::*;

/// What baresip 1.0.0 offers.
const BARESIP: &str = "v=0\r\no=- 1515598608 351990264 IN IP4 192.0.2.2\r\ns=-\r\nc=IN IP4 192.0.2.2\r\nt=0 0\r\n\
    a=tool:baresip 1.0.0\r\nm=audio 45838 RTP/AVP 8 101\r\na=rtpmap:8 PCMA/8000\r\n\
    a=rtpmap:101 telephone-event/8000\r\na=fmtp:101 0-15\r\na=sendrecv\r\na=label:1\r\na=rtcp-rsize\r\n\
    a=ssrc:2566140664 cname:sip:door@127.0.0.1:15070\r\na=minptime:20\r\na=ptime:20\r\n\
    m=video 21640 RTP/AVP 96\r\na=rtpmap:96 H264/90000\r\na=fmtp:96 packetization-mode=0;profile-level-id=42e01f\r\n\
    a=sendrecv\r\na=label:2\r\na=rtcp-rsize\r\na=framerate:25.00\r\na=rtcp-fb:* nack pli\r\na=content:main\r\n";

fn local() -> Local {
    let address = IpAddr::from([192, 0, 2, 1]);
    Local { address, audio_port: 5000, video_port: 5002, session_id: 77, version: 1 }
}

/// An offer with these lines behind a usual head.
fn offer_of(lines: &[&str]) -> String {
    format!(
        "v=0\r\no=- 1 1 IN IP4 192.0.2.9\r\ns=-\r\nc=IN IP4 192.0.2.9\r\nt=0 0\r\n{}\r\n",
        lines.join("\r\n")
    )
}

fn answered(lines: &[&str]) -> Result<(Session, Vec<String>), Refusal> {
    let negotiated = answer(offer_of(lines).as_bytes(), &local(), &Preferences::default())?;
    let text = String::from_utf8(negotiated.sdp.to_vec()).unwrap();
    parse(text.as_bytes()).expect("an answer is a description");
    Ok((negotiated.session, text.lines().skip(5).map(str::to_owned).collect()))
}
