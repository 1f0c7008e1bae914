//! What the site server reads.

use vestibule_site::Sheet;

/// A table to import: whatever the bytes are, it is read or refused.
pub(crate) fn sheet(bytes: &[u8]) {
    let _ = Sheet::read(bytes);
}
