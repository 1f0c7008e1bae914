//! Peers and fixtures of the whole-system tests.
