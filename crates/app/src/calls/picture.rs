//! The picture of the visitor that the history keeps.

use bytes::Bytes;
use vestibule_media::picture::{Decoder, PictureError, jpeg};
use vestibule_model::CallId;

use crate::App;
use crate::storage::blocking;

/// Wide enough for the detail pane, small enough to keep thousands.
const WIDTH: u16 = 960;

/// Decodes a key frame and keeps it, beside the call: neither may hold up the other.
pub(super) fn keep(app: App, call: CallId, key_frame: Bytes) {
    tokio::spawn(async move {
        match blocking(move || decode(&key_frame)).await {
            Ok(Ok(Some(jpeg))) => {
                if let Err(error) = app.change_history(move |store| store.set_picture(call, &jpeg)).await {
                    tracing::error!(%error, call = call.0, "the picture cannot be kept");
                }
            }
            Ok(Ok(None)) => tracing::debug!(call = call.0, "the key frame held no picture"),
            Ok(Err(error)) => tracing::warn!(%error, call = call.0, "the picture cannot be decoded"),
            Err(error) => tracing::error!(%error, "the picture"),
        }
    });
}

fn decode(key_frame: &[u8]) -> Result<Option<Vec<u8>>, PictureError> {
    let picture = Decoder::new()?.decode(key_frame)?;
    picture.map(|picture| jpeg(&picture, WIDTH)).transpose()
}
