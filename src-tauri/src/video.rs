//! The stream of a call's video: raw messages on a channel that the page opens.

use serde::Deserialize;
use tauri::Manager;
use tauri::Wry;
use tauri::ipc::{Channel, Invoke, InvokeError, InvokeResponseBody, JavaScriptChannelId};
use vestibule_app::VideoDecoder;

use crate::commands;
use crate::phone::Phone;
use crate::windows;

/// Name of the command that opens the stream. It stands beside `vestibule_ipc`'s commands because a channel is the
/// shell's own.
pub(crate) const WATCH: &str = "watch_video";

/// How the page asks: `invoke("watch_video", { decoder, channel })`.
#[derive(Deserialize)]
struct Watch {
    decoder: Decoder,
    channel: JavaScriptChannelId,
}

/// Where the page wants its pictures decoded.
#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Decoder {
    InPage,
    Native,
}

/// Sends frames as `vestibule_ipc::video` describes them, until the page or the app goes.
pub(crate) fn watch(invoke: Invoke) {
    let Invoke { message, resolver, .. } = invoke;
    let asked = commands::read::<Watch>(message.payload());
    let webview = message.webview();
    resolver.respond_async(async move {
        let app = webview.state::<Phone>().app().await?;
        let Watch { decoder, channel } = asked?;
        let decoder = match decoder {
            Decoder::InPage => VideoDecoder::InPage,
            Decoder::Native => VideoDecoder::Native,
        };
        if webview.label() == windows::CALL {
            tauri::async_runtime::spawn(windows::warm_up(webview.app_handle().clone()));
        }
        let channel: Channel<InvokeResponseBody> = channel.channel_on::<Wry, _>(webview.clone());
        let mut frames = app.video(decoder);
        tauri::async_runtime::spawn(async move {
            while let Some(frame) = frames.recv().await {
                if let Err(error) = channel.send(InvokeResponseBody::Raw(frame)) {
                    tracing::info!(%error, "a window watches no longer");
                    return;
                }
            }
        });
        Ok::<(), InvokeError>(())
    });
}
