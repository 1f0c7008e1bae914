//! Files that only this user can read, as each platform has them.

#[cfg(not(unix))]
pub(crate) use other::{create_dir, exposed, restrict};
#[cfg(unix)]
pub(crate) use unix::{create_dir, exposed, restrict};

#[cfg(unix)]
mod unix {
    use std::fs::{DirBuilder, Metadata, OpenOptions};
    use std::io;
    use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt};
    use std::path::Path;

    /// Makes the directory, with those above it, for this user alone. One that is there stays as it is.
    pub(crate) fn create_dir(path: &Path) -> io::Result<()> {
        DirBuilder::new().recursive(true).mode(0o700).create(path)
    }

    /// Files created with these options are for this user alone.
    pub(crate) fn restrict(options: &mut OpenOptions) {
        options.mode(0o600);
    }

    /// Whether anybody else can read or change it.
    pub(crate) fn exposed(metadata: &Metadata) -> bool {
        metadata.mode() & 0o077 != 0
    }
}

/// Where files have no mode, they are as private as the directory that they lie in.
#[cfg(not(unix))]
mod other {
    use std::fs::{Metadata, OpenOptions};
    use std::io;
    use std::path::Path;

    pub(crate) fn create_dir(path: &Path) -> io::Result<()> {
        std::fs::create_dir_all(path)
    }

    pub(crate) fn restrict(_: &mut OpenOptions) {}

    pub(crate) fn exposed(_: &Metadata) -> bool {
        false
    }
}
