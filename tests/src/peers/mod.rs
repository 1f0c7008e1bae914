//! Real programs at the other end of the line.

pub(crate) mod baresip;
pub(crate) mod dnsmasq;
pub(crate) mod kamailio;
pub(crate) mod postgres;
pub(crate) mod smtp;
