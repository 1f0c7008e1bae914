use std::time::{Duration, Instant, SystemTime};

use super::*;
use crate::rtp::Source;
use crate::sdp::Feedback;

const RATE: u32 = 8_000;

fn sent(packets: u64) -> Sent {
    Sent { packets, bytes: packets * 160, timestamp: 1_234 }
}

#[test]
fn reports_come_about_every_five_seconds_and_say_what_was_lost() {
    let start = Instant::now();
    let wall = SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000_000);
    let mut source = Source::new(RATE);
    for sequence in [65_534, 65_535, 1, 2] {
        source.arrived(start, 7, sequence, 0, 160);
    }
    let mut reporter = Reporter::new(99, "door");
    assert_eq!(reporter.deadline(), None);
    reporter.start(start, 0.5);
    let first = reporter.deadline().unwrap();
    assert_eq!(first - start, Duration::from_millis(2_500));
    assert!(reporter.poll(start, wall, 0.5, &mut source, sent(10)).is_none(), "not due");
    let report = reporter.poll(first, wall, 0.5, &mut source, sent(10)).unwrap();
    assert_eq!(reporter.deadline().unwrap() - first, Duration::from_secs(5));
    let controls = parse(&report).unwrap();
    let [Control::SenderReport { ssrc: 99, .. }, Control::Reception(reception)] = &controls[..] else {
        panic!("{controls:?}");
    };
    assert_eq!((reception.ssrc, reception.total_lost, reception.fraction_lost), (7, 1, 51));
    assert_eq!(reception.last_sequence_number, 1 << 16 | 2);
    // Nothing sent since: a receiver report; nothing lost since either.
    let second = reporter.deadline().unwrap();
    let report = reporter.poll(second, wall, 0.5, &mut source, sent(10)).unwrap();
    let controls = parse(&report).unwrap();
    let [Control::Reception(reception)] = &controls[..] else { panic!("{controls:?}") };
    assert_eq!((reception.total_lost, reception.fraction_lost), (1, 0));
}

#[test]
fn measures_the_round_trip_by_a_report_about_ours() {
    let start = Instant::now();
    let wall = SystemTime::UNIX_EPOCH + Duration::from_secs(1_700_000_000);
    let after = |millis| (start + Duration::from_millis(millis), wall + Duration::from_millis(millis));
    let (mut ours, mut theirs) = (Reporter::new(1, "a"), Reporter::new(2, "b"));
    let (mut from_them, mut from_us) = (Source::new(RATE), Source::new(RATE));
    from_us.arrived(start, 1, 5, 0, 160);
    from_them.arrived(start, 2, 5, 0, 160);
    ours.start(start, 0.0);
    theirs.start(start, 0.0);
    let (due, at) = after(2_000);
    let report = ours.poll(due, at, 0.0, &mut from_them, sent(1)).unwrap();
    let (there, at) = after(2_030);
    parse(&report).unwrap().iter().for_each(|control| theirs.heard(there, at, control));
    let (back, at) = after(2_100);
    let answer = theirs.poll(back, at, 0.0, &mut from_us, sent(1)).unwrap();
    let (home, at) = after(2_140);
    parse(&answer).unwrap().iter().for_each(|control| ours.heard(home, at, control));
    let round_trip = ours.round_trip().unwrap();
    assert!(round_trip.abs_diff(Duration::from_millis(70)) < Duration::from_millis(1), "{round_trip:?}");
    assert_eq!(ours.remote_loss(), 0.0);
}

#[test]
fn key_frames_are_asked_for_by_name() {
    let mut source = Source::new(90_000);
    let reporter = Reporter::new(99, "door");
    assert_eq!(reporter.request(&source, Request::PictureLoss), None, "nobody to name");
    source.arrived(Instant::now(), 7, 1, 0, 100);
    let asked = |request| parse(&reporter.request(&source, request).unwrap()).unwrap();
    assert_eq!(asked(Request::PictureLoss), [Control::PictureLoss(7)]);
    assert_eq!(asked(Request::FullIntra(3)), [Control::FullIntra { ssrc: 7, sequence: 3 }]);
    assert_eq!(parse(&reporter.goodbye().unwrap()).unwrap(), [Control::Goodbye(vec![99])]);
}

#[test]
fn asks_more_and_more_strongly_until_a_key_frame_comes() {
    let start = Instant::now();
    for (feedback, expected) in [
        (
            Feedback { pli: true, fir: true },
            vec![
                (0, Request::PictureLoss),
                (400, Request::PictureLoss),
                (800, Request::FullIntra(1)),
                (1_200, Request::FullIntra(2)),
                (1_600, Request::Info),
                (3_600, Request::Info),
                (5_600, Request::PictureLoss),
                (7_600, Request::PictureLoss),
                (9_600, Request::FullIntra(3)),
            ],
        ),
        (Feedback::default(), vec![(0, Request::Info), (2_000, Request::Info), (4_000, Request::Info)]),
    ] {
        let mut requester = KeyframeRequester::new(feedback);
        assert_eq!(requester.poll(start), None, "not wanted");
        requester.want(start);
        for (millis, request) in expected {
            let at = start + Duration::from_millis(millis);
            assert_eq!(requester.deadline(), Some(at));
            assert_eq!(requester.poll(at), Some(request), "{millis} ms");
            requester.want(at);
        }
        requester.satisfied();
        assert_eq!(requester.deadline(), None);
        // Wanted again a moment later: one request at a time.
        let again = start + Duration::from_secs(20);
        requester.want(again);
        assert!(requester.poll(again).is_some());
        requester.satisfied();
        requester.want(again);
        assert_eq!(requester.poll(again), None);
        assert!(requester.poll(requester.deadline().unwrap()).is_some());
    }
}

#[test]
fn the_first_key_frame_of_a_stream_is_given_its_time() {
    let start = Instant::now();
    let mut requester = KeyframeRequester::new(Feedback { pli: true, fir: false });
    requester.want(start);
    requester.begun(start);
    assert_eq!(requester.poll(start), None);
    // But when its first picture is another, it is asked for at once.
    requester.want(start);
    assert_eq!(requester.poll(start), Some(Request::PictureLoss));
    requester.begun(start);
    assert_eq!(requester.deadline(), Some(start + Duration::from_millis(400)));
}

#[test]
fn says_what_is_wrong_with_a_packet() {
    for (bytes, error) in [
        (&[][..], ParseError::CutOff),
        (&[0x80], ParseError::CutOff),
        (&[0x80, 201, 0, 1], ParseError::CutOff),
        (&[0x40, 201, 0, 1, 0, 0, 0, 1], ParseError::Version),
        (&[0x81, 201, 0, 1, 0, 0, 0, 1], ParseError::Body(201)),
        (&[0x84, 206, 0, 2, 0, 0, 0, 1, 0, 0, 0, 2], ParseError::Body(206)),
        (&[0x80, 201, 0, 1, 0, 0, 0, 1, 0x80], ParseError::CutOff),
    ] {
        assert_eq!(parse(bytes), Err(error), "{bytes:?}");
    }
    // What is not known is passed over: XR, APP.
    assert_eq!(parse(&[0x80, 207, 0, 1, 0, 0, 0, 1, 0x80, 204, 0, 0]), Ok(vec![]));
}

#[test]
fn garbage_is_read_without_a_panic() {
    use rand::{Rng, RngExt, SeedableRng};
    let mut random = rand::rngs::StdRng::seed_from_u64(3);
    for _ in 0..200_000 {
        let mut bytes = vec![0; random.random_range(0..64)];
        random.fill_bytes(&mut bytes);
        if let [first, kind, high, low, ..] = &mut bytes[..] {
            *first = *first & 0x3f | 0x80;
            *kind = random.random_range(198..210);
            (*high, *low) = (0, random.random_range(0..16));
        }
        let _ = parse(&bytes);
    }
}
