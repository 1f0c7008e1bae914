//! What the buttons of a card do.

use std::sync::Arc;

use leptos::prelude::*;
use vestibule_ipc::{DeleteVisitor, RenewPin, RevokeVisitor, SaveVisitor};
use vestibule_model::{Site, Timestamp, Visitor, VisitorId};

use super::{keys, times};
use crate::catalogue::{Catalogue, t_string};
use crate::route::{Location, Route, VisitorPlace};
use crate::state::{self, Offer, Orders, Toasts, Tone, Visitors};

/// Everything that the buttons use.
#[derive(Clone, Copy)]
pub(super) struct Tools {
    pub(super) id: VisitorId,
    pub(super) i18n: Catalogue,
    pub(super) orders: Orders,
    pub(super) toasts: Toasts,
    pub(super) visitors: Visitors,
    pub(super) site: Memo<Site>,
    pub(super) location: Location,
}

/// Another end, so much after the one so far, or after now when that is over.
fn later(until: Timestamp, now: Timestamp, by: i64) -> Timestamp {
    Timestamp(until.max(now).0 + by)
}

fn known(tools: Tools) -> Option<Visitor> {
    untrack(|| tools.visitors.find(tools.id)).map(Arc::unwrap_or_clone)
}

pub(super) fn extend(tools: Tools, by: i64) {
    let Some(mut visitor) = known(tools) else { return };
    let Some(until) = visitor.until else { return };
    let until = later(until, state::now(), by);
    visitor.until = Some(until);
    let name = visitor.name.clone();
    tools.orders.then(SaveVisitor { visitor }, move |_| {
        let time = times::moment(until, &tools.site.get_untracked().zone, state::now());
        tools.toasts.show(t_string!(tools.i18n, visitor.extended, name = name, time = time), Tone::Status);
    });
}

pub(super) fn send_again(tools: Tools) {
    let Some(visitor) = known(tools) else { return };
    let name = visitor.name.clone();
    tools.orders.then(SaveVisitor { visitor }, move |_| {
        tools.toasts.show(t_string!(tools.i18n, visitor.sent_again, name = name), Tone::Status);
        keys::focus_heading();
    });
}

pub(super) fn renew(tools: Tools) {
    let Some(visitor) = known(tools) else { return };
    tools.orders.then(RenewPin { visitor: tools.id }, move |()| {
        tools.toasts.show(t_string!(tools.i18n, visitor.renewed, name = visitor.name), Tone::Status);
    });
}

pub(super) fn revoke(tools: Tools) {
    let Some(visitor) = known(tools) else { return };
    tools.orders.then(RevokeVisitor { visitor: tools.id }, move |()| {
        let said = if tools.site.with_untracked(|site| site.online) {
            t_string!(tools.i18n, visitor.revoke_done, name = visitor.name)
        } else {
            t_string!(tools.i18n, visitor.revoke_waits, name = visitor.name)
        };
        tools.toasts.show(said, Tone::Status);
        // The button that had the focus is gone.
        keys::focus_heading();
    });
}

pub(super) fn delete(tools: Tools) {
    let Some(visitor) = known(tools) else { return };
    tools.orders.then(DeleteVisitor { visitor: tools.id }, move |()| {
        tools.toasts.show(t_string!(tools.i18n, visitor.deleted, name = visitor.name), Tone::Status);
        tools.location.go(Route::Visitors(VisitorPlace::List));
    });
}

/// Off the list at once, and deleted when the message that offers to undo it has gone.
pub(super) fn delete_with_undo(tools: Tools) {
    let Some(visitor) = known(tools) else { return };
    let (id, visitors, orders) = (tools.id, tools.visitors, tools.orders);
    visitors.hide(id);
    let offer = Offer {
        label: t_string!(tools.i18n, visitor.undo),
        take: Arc::new(move || visitors.restore(id)),
        pass: Arc::new(move || visitors.delete_hidden(id, orders)),
    };
    tools.toasts.offer(t_string!(tools.i18n, visitor.deleted, name = visitor.name), offer);
    tools.location.go(Route::Visitors(VisitorPlace::List));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_end_that_is_over_is_put_off_from_now() {
        assert_eq!(later(Timestamp(500), Timestamp(100), 10), Timestamp(510));
        assert_eq!(later(Timestamp(50), Timestamp(100), 10), Timestamp(110));
    }
}
