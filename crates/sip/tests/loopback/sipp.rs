//! Against sipp, a peer that somebody else wrote.

use std::process::{ExitStatus, Stdio};

use tokio::net::UdpSocket;
use tokio::process::{Child, Command};
use vestibule_sip::{CallEvent, Config, HangUp, Progress};

use crate::harness::{ANSWER, OFFER, Side, config, event, loopback, soon, start};

const CALLS: &str = "20";

fn sipp(arguments: &[&str]) -> Child {
    let mut command = Command::new("sipp");
    command.args(arguments).args(["-i", "127.0.0.1", "-nostdin", "-timeout", "30", "-timeout_error"]);
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).kill_on_drop(true);
    command.spawn().expect("sipp is missing: install sip-tester")
}

async fn free_port() -> String {
    let socket = UdpSocket::bind(loopback()).await.unwrap();
    socket.local_addr().unwrap().port().to_string()
}

async fn open() -> Side {
    start(Config { direct_peers: vec![[127, 0, 0, 1].into()], ..config() }).await
}

#[tokio::test]
async fn calls_ring_and_end_over_both_transports() {
    for transport in ["u1", "t1"] {
        let mut flat = open().await;
        let (here, port) = (flat.agent.local_addr().to_string(), free_port().await);
        let mut caller = sipp(&["-sn", "uac", &here, "-m", CALLS, "-r", "50", "-t", transport, "-p", &port]);
        let answering = async {
            while let Some(mut incoming) = flat.calls.recv().await {
                incoming.ring(None).await.unwrap();
                let mut call = incoming.answer(ANSWER).await.unwrap();
                assert!(matches!(event(&mut call).await, CallEvent::Ended(HangUp::Remote)));
            }
        };
        let ended: ExitStatus = tokio::select! {
            ended = soon("end of sipp", caller.wait()) => ended.unwrap(),
            () = answering => panic!("no more calls"),
        };
        assert!(ended.success(), "{ended} over {transport}");
        assert_eq!(flat.agent.counters().malformed, 0);
    }
}

#[tokio::test]
async fn our_calls_are_answered() {
    let door = open().await;
    let port = free_port().await;
    let mut callee = sipp(&["-sn", "uas", "-m", "3", "-p", &port]);
    let to = format!("sipp@127.0.0.1:{port}").parse().unwrap();
    for _ in 0..3 {
        let mut outgoing = door.agent.dial(&to, OFFER).await.unwrap();
        let call = loop {
            match soon("answer", outgoing.next()).await {
                Progress::Trying | Progress::Ringing { .. } => {}
                Progress::Answered { call, .. } => break call,
                Progress::Refused { status, reason } => panic!("{status} {reason}"),
                Progress::Failed(error) => panic!("{error}"),
            }
        };
        call.control().hang_up().await;
    }
    let ended = soon("end of sipp", callee.wait()).await.unwrap();
    assert!(ended.success(), "{ended}");
}
