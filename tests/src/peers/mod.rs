//! Real programs at the other end of the line.

pub mod baresip;
pub mod kamailio;
