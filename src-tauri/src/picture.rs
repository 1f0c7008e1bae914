//! Pictures of visitors, for the pages: `picture://localhost/<call id>` is a JPEG.

use tauri::http::{Request, Response, StatusCode, header};
use tauri::{Manager, Runtime, UriSchemeContext, UriSchemeResponder};
use vestibule_model::CallId;

use crate::phone::Phone;

/// The scheme of their addresses.
pub(crate) const SCHEME: &str = "picture";

/// Answers one request.
pub(crate) fn serve<R: Runtime>(
    context: UriSchemeContext<'_, R>,
    request: Request<Vec<u8>>,
    responder: UriSchemeResponder,
) {
    let handle = context.app_handle().clone();
    let call = call_of(request.uri().path());
    tauri::async_runtime::spawn(async move {
        let picture = match (call, handle.state::<Phone>().app().await) {
            (Some(call), Ok(app)) => app.picture(call).await.unwrap_or_else(|error| {
                tracing::warn!(%error, ?call, "a picture could not be read");
                None
            }),
            _ => None,
        };
        responder.respond(response(picture));
    });
}

fn call_of(path: &str) -> Option<CallId> {
    path.strip_prefix('/')?.parse().ok().map(CallId)
}

fn response(picture: Option<Vec<u8>>) -> Response<Vec<u8>> {
    let status = if picture.is_some() { StatusCode::OK } else { StatusCode::NOT_FOUND };
    let mut response = Response::new(picture.unwrap_or_default());
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, header::HeaderValue::from_static("image/jpeg"));
    // A browser's cache on the disk is not encrypted, and would keep what the resident deleted.
    headers.insert(header::CACHE_CONTROL, header::HeaderValue::from_static("no-store"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, header::HeaderValue::from_static("nosniff"));
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_the_id_of_a_call() {
        assert_eq!(call_of("/7"), Some(CallId(7)));
        for path in ["", "/", "7", "/7/8", "/../7", "/seven", "/7.jpg", "/99999999999999999999"] {
            assert_eq!(call_of(path), None, "{path}");
        }
    }

    #[test]
    fn a_picture_is_never_kept_by_the_browser() {
        let found = response(Some(vec![0xff, 0xd8]));
        assert_eq!((found.status(), found.body().as_slice()), (StatusCode::OK, &[0xff, 0xd8][..]));
        assert_eq!(found.headers()[header::CACHE_CONTROL], "no-store");
        assert_eq!(response(None).status(), StatusCode::NOT_FOUND);
    }
}
