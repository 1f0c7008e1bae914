//! baresip as the phone, called by baresip.

use std::net::{Ipv4Addr, SocketAddr};
use std::time::{Instant, SystemTime, UNIX_EPOCH};

use anyhow::Result;
use vestibule_tests::{Baresip, BaresipOptions, Tap, wait_until};

use crate::calls::{Measured, caller, load, ring};

pub(crate) async fn measure(calls: usize) -> Result<Measured> {
    let options = BaresipOptions { user: "flat12".to_owned(), snapshots: true, ..BaresipOptions::default() };
    let mut phone = Baresip::start(options).await;
    let mut door = caller().await;
    let tap = Tap::open(SocketAddr::from((Ipv4Addr::LOCALHOST, phone.port()))).await;
    let mut measured = Measured::default();
    for round in 0..calls {
        measured.ringing.push(ring(&mut door, &tap).await?);
        phone.event("CALL_INCOMING").await;
        let picture = phone.folder().join(format!("snapshot-{round}.png"));
        // It writes the next frame that it has decoded into this file; the file is made when the frame is there.
        phone.command("snapshot_recv", &picture.display().to_string()).await;
        let (begun, clock) = (Instant::now(), SystemTime::now());
        phone.command("accept", "").await;
        wait_until("a picture", || std::future::ready(picture.exists())).await;
        let made = std::fs::metadata(&picture)?.created()?;
        measured.first_frame.push(between(clock, made));
        phone.event("CALL_ESTABLISHED").await;
        if round == 0 {
            measured.cpu = load(phone.process()).await?;
        }
        tracing::debug!(took = ?begun.elapsed(), round);
        phone.command("hangup", "").await;
        door.event("CALL_CLOSED").await;
        phone.event("CALL_CLOSED").await;
    }
    Ok(measured)
}

fn between(earlier: SystemTime, later: SystemTime) -> f64 {
    let ms = |time: SystemTime| time.duration_since(UNIX_EPOCH).unwrap_or_default().as_secs_f64() * 1000.0;
    ms(later) - ms(earlier)
}
