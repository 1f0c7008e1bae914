//! What both phones are measured by.

use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use tokio::time::timeout;
use vestibule_tests::{Baresip, BaresipOptions, PATIENCE, Tap};

/// How long the load of a call is measured.
pub(crate) const LOAD: Duration = Duration::from_secs(10);

/// One phone's figures: milliseconds a call, and its load.
#[derive(Default)]
pub(crate) struct Measured {
    /// INVITE to 180, on the wire.
    pub(crate) ringing: Vec<f64>,
    /// Answer to the first decoded frame.
    pub(crate) first_frame: Vec<f64>,
    /// Last packet of a frame to the decoder.
    pub(crate) to_decoder: Vec<f64>,
    /// Press to the first telephone-event packet.
    pub(crate) first_digit: Vec<f64>,
    /// Percent of one core during a call.
    pub(crate) cpu: f64,
}

/// The intercom that calls both.
pub(crate) async fn caller() -> Baresip {
    Baresip::start(BaresipOptions::default()).await
}

/// Has it call Flat 12 through the tap, and returns the milliseconds from its INVITE to the 180.
pub(crate) async fn ring(caller: &mut Baresip, tap: &Tap) -> Result<f64> {
    caller.command("dial", &format!("sip:flat12@{}", tap.address())).await;
    caller.event("CALL_RINGING").await;
    let took = tap.until_ringing().context("the 180 passed the tap")?;
    Ok(took.as_secs_f64() * 1000.0)
}

pub(crate) fn millis(since: Instant) -> f64 {
    since.elapsed().as_secs_f64() * 1000.0
}

/// Processor time that a process has used, in seconds (proc(5): fields 14 and 15 of stat, in ticks of 10 ms).
pub(crate) fn cpu_seconds(process: u32) -> Result<f64> {
    let stat = std::fs::read_to_string(format!("/proc/{process}/stat"))?;
    let (_, fields) = stat.rsplit_once(')').context("stat has a name in brackets")?;
    let ticks = fields.split_whitespace().skip(11).take(2).map(str::parse::<f64>).sum::<Result<f64, _>>()?;
    Ok(ticks / 100.0)
}

/// The load of a process over [`LOAD`], in percent of one core.
pub(crate) async fn load(process: u32) -> Result<f64> {
    let (begun, before) = (Instant::now(), cpu_seconds(process)?);
    // The measurement is of a span of time: there is nothing to wait for but the clock.
    tokio::time::sleep(LOAD).await;
    Ok((cpu_seconds(process)? - before) / begun.elapsed().as_secs_f64() * 100.0)
}

/// Waits for something that has to come.
pub(crate) async fn soon<T>(what: &str, future: impl Future<Output = Option<T>>) -> Result<T> {
    timeout(PATIENCE, future).await.ok().flatten().with_context(|| format!("in vain: {what}"))
}
