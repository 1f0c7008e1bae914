//! The list and its pane on the page: where they are, and what happens to them.

use leptos::ev;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::Closure;
use web_sys::{Element, HtmlElement, HtmlUListElement};

/// The list and the pane that scrolls it, both on the screen.
pub(super) struct Port {
    pub(super) list: HtmlUListElement,
    pub(super) pane: Element,
    /// How far the upper edge of the pane lies below that of the list, in pixels.
    pub(super) y: f64,
    /// Of what is seen of the pane, in pixels.
    pub(super) height: f64,
}

impl Port {
    /// `None` while the list or its pane is not on the screen.
    pub(super) fn find(list: &HtmlUListElement) -> Option<Self> {
        let pane = pane_of(list)?;
        let height = f64::from(pane.client_height());
        let y = pane.get_bounding_client_rect().top() - list.get_bounding_client_rect().top();
        (height > 0.0).then(|| Self { list: list.clone(), pane, y, height })
    }

    /// The heights of the rows that are drawn.
    pub(super) fn measure(&self) -> Vec<f64> {
        let rows = self.list.children();
        let row = |place| Some(rows.item(place)?.get_bounding_client_rect().height());
        (0..rows.length()).filter_map(row).collect()
    }

    /// Makes room before and after the rows that are drawn. The policy of the page (CSP) allows no `style` attribute.
    pub(super) fn pad(&self, before: f64, after: f64) {
        let style = HtmlElement::style(&self.list);
        for (side, room) in [("padding-block-start", before), ("padding-block-end", after)] {
            // A length in pixels is always taken.
            let _ = style.set_property(side, &format!("{room:.2}px"));
        }
    }

    /// What takes the focus in a row that is drawn.
    pub(super) fn row(&self, place: usize) -> Option<HtmlElement> {
        let line = self.list.children().item(u32::try_from(place).ok()?)?;
        line.query_selector(".row").ok().flatten()?.dyn_into().ok()
    }
}

/// Has the browser tell of scrolling and of sizes that change, as long as the component lives.
pub(super) fn watch(list: &HtmlUListElement, on_scroll: impl Fn() + 'static, on_resize: impl Fn() + 'static) {
    let Some(pane) = pane_of(list) else { return };
    let scrolled = Closure::<dyn FnMut(ev::Event)>::new(move |_: ev::Event| on_scroll());
    let resized = Closure::<dyn FnMut()>::new(on_resize);
    let observer = web_sys::ResizeObserver::new(resized.as_ref().unchecked_ref()).ok();
    if let Some(observer) = &observer {
        observer.observe(list);
        observer.observe(&pane);
    }
    // A pane always takes a listener.
    let _ = pane.add_event_listener_with_callback("scroll", scrolled.as_ref().unchecked_ref());
    let kept = StoredValue::new_local((pane, observer, scrolled, resized));
    on_cleanup(move || {
        kept.with_value(|(pane, observer, scrolled, _)| {
            let _ = pane.remove_event_listener_with_callback("scroll", scrolled.as_ref().unchecked_ref());
            if let Some(observer) = observer {
                observer.disconnect();
            }
        });
    });
}

/// Takes the focus, and leaves the page where it is.
pub(super) fn focus(element: &HtmlElement) {
    let options = web_sys::FocusOptions::new();
    options.set_prevent_scroll(true);
    // An element that takes no focus leaves it where it is.
    let _ = element.focus_with_options(&options);
}

fn pane_of(list: &HtmlUListElement) -> Option<Element> {
    list.closest(".pane").ok().flatten()
}
