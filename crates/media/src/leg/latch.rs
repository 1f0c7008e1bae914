use std::net::{IpAddr, SocketAddr};
use std::time::{Duration, Instant};

/// A source that has been silent for so long may be replaced by another one.
const SILENCE: Duration = Duration::from_secs(1);

/// Decides whose RTP is listened to and where ours goes (symmetric RTP, RFC 4961), as NAT demands and no further:
/// what is sent there can be the code of a door.
///
/// 1. The signalled IP address is trusted. The first packet from it settles the port; another port of that address
///    replaces it when it is the signalled one, or when the settled one has been silent for a second.
/// 2. A loopback address is trusted as well: a peer on this machine signals its outward address and may send from the
///    inward one, and whoever sends from there is on this machine.
/// 3. Another address is only taken where the signalled one cannot be the real one: it is private, the packet's is
///    public, and the signalled one has not been heard. It has a second to be heard first. So nobody on the
///    resident's own network can take a call's media over.
/// 4. Once a trusted address is heard, it is gone back to for good.
#[derive(Clone, Copy, Debug)]
pub struct Latch {
    signalled: SocketAddr,
    since: Instant,
    settled: Option<(SocketAddr, Instant)>,
    heard_trusted: bool,
}

impl Latch {
    /// `signalled` is the address from SDP.
    pub fn new(signalled: SocketAddr, now: Instant) -> Self {
        Self { signalled, since: now, settled: None, heard_trusted: false }
    }

    /// A new negotiation: an address that stays the same keeps what is settled. With a hold by `0.0.0.0` the former
    /// address goes on to be listened to.
    pub fn signal(&mut self, signalled: SocketAddr, now: Instant) {
        if signalled != self.signalled && !signalled.ip().is_unspecified() {
            *self = Self::new(signalled, now);
        }
    }

    /// Whether a valid RTP packet from there is the peer's; it may settle where ours goes.
    pub fn accept(&mut self, now: Instant, from: SocketAddr) -> bool {
        let trusted = self.trusts(from.ip());
        if !trusted && !self.may_be_behind_nat(now, from.ip()) {
            return false;
        }
        let free = match self.settled {
            None => true,
            Some((settled, heard)) => {
                settled == from
                    || from == self.signalled
                    || now.duration_since(heard) >= SILENCE
                    || (trusted && !self.trusts(settled.ip()))
            }
        };
        if free {
            self.settled = Some((from, now));
            self.heard_trusted |= trusted;
        }
        free
    }

    /// Where RTP goes.
    pub fn destination(&self) -> SocketAddr {
        self.settled.map_or(self.signalled, |(settled, _)| settled)
    }

    /// Whether RTCP from this address is the peer's.
    pub fn is_peer(&self, ip: IpAddr) -> bool {
        self.trusts(ip) || self.settled.is_some_and(|(settled, _)| settled.ip() == ip)
    }

    fn trusts(&self, ip: IpAddr) -> bool {
        ip == self.signalled.ip() || ip.is_loopback()
    }

    fn may_be_behind_nat(&self, now: Instant, from: IpAddr) -> bool {
        !self.heard_trusted
            && now.duration_since(self.since) >= SILENCE
            && is_private(self.signalled.ip())
            && !is_private(from)
    }
}

/// Whether an address has no meaning outside of its own network (RFC 1918, 3927, 4193, 4291, 6598).
fn is_private(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => {
            let [first, second, ..] = ip.octets();
            let carrier_grade = first == 100 && second & 0xc0 == 64;
            ip.is_private() || ip.is_loopback() || ip.is_link_local() || ip.is_unspecified() || carrier_grade
        }
        IpAddr::V6(ip) => {
            ip.is_loopback() || ip.is_unicast_link_local() || ip.is_unique_local() || ip.is_unspecified()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> SocketAddr {
        text.parse().unwrap()
    }

    #[test]
    fn the_first_packet_of_the_signalled_address_settles_the_port() {
        let now = Instant::now();
        let mut latch = Latch::new(at("192.0.2.7:4000"), now);
        assert_eq!(latch.destination(), at("192.0.2.7:4000"));
        assert!(latch.accept(now, at("192.0.2.7:40123")));
        assert_eq!(latch.destination(), at("192.0.2.7:40123"));
        assert!(!latch.accept(now, at("192.0.2.7:666")), "a third port has to wait");
        assert!(latch.accept(now, at("192.0.2.7:4000")), "the signalled port need not");
        assert!(!latch.accept(now, at("192.0.2.7:666")));
        assert!(latch.accept(now + SILENCE, at("192.0.2.7:666")), "after a second of silence it may");
    }

    #[test]
    fn a_stranger_is_refused_but_where_nat_explains_it() {
        let now = Instant::now();
        let later = now + SILENCE;
        for (signalled, from, taken) in [
            ("192.168.1.5:4000", "198.51.100.9:7000", true),
            ("192.168.1.5:4000", "192.168.1.66:7000", false),
            ("203.0.113.5:4000", "198.51.100.9:7000", false),
            ("[fd00::5]:4000", "[2001:db8::9]:7000", true),
        ] {
            let mut latch = Latch::new(at(signalled), now);
            assert!(!latch.accept(now, at(from)), "{from}: the signalled address comes first");
            assert_eq!(latch.accept(later, at(from)), taken, "{from}");
            assert_eq!(latch.destination(), at(if taken { from } else { signalled }));
            assert!(latch.accept(later, at(signalled)));
            assert_eq!(latch.destination(), at(signalled), "the signalled address wins");
            assert!(!latch.accept(later + SILENCE, at(from)), "for good");
        }
    }

    #[test]
    fn a_peer_on_this_machine_may_use_its_inward_address() {
        let now = Instant::now();
        let mut latch = Latch::new(at("192.0.2.2:4000"), now);
        assert!(latch.accept(now, at("127.0.0.1:4000")));
        assert_eq!(latch.destination(), at("127.0.0.1:4000"));
        assert!(latch.is_peer("127.0.0.1".parse().unwrap()));
        assert!(!latch.accept(now, at("192.0.2.2:4002")), "one source at a time");
    }

    #[test]
    fn a_hold_by_an_unspecified_address_changes_nothing() {
        let now = Instant::now();
        let mut latch = Latch::new(at("192.0.2.7:4000"), now);
        assert!(latch.accept(now, at("192.0.2.7:40123")));
        latch.signal(at("0.0.0.0:4000"), now);
        latch.signal(at("192.0.2.7:4000"), now);
        assert_eq!(latch.destination(), at("192.0.2.7:40123"));
        latch.signal(at("192.0.2.8:4000"), now);
        assert_eq!(latch.destination(), at("192.0.2.8:4000"));
    }
}
