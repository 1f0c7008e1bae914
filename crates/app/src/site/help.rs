use std::sync::atomic::Ordering;
use std::time::Duration;

use uuid::Uuid;
use vestibule_ipc::{Error, ErrorCode, ListContacts, ListTickets, SendTicket};
use vestibule_model::{Contact, Delivery, Ticket};

use crate::{App, clock};

/// Characters of a description, at most, as a site server takes it.
const DESCRIPTION: usize = 4_000;
/// How long a report is waited for where the server is there: its number is worth a moment.
const NUMBER: Duration = Duration::from_secs(3);

impl App {
    /// See [`ListContacts`].
    pub async fn list_contacts(&self, _: ListContacts) -> Result<Vec<Contact>, Error> {
        let contacts = self.inner.storage.with(|store| store.contacts()).await?;
        let contact = |contact: vestibule_model::api::Contact| Contact {
            name: contact.name,
            role: contact.role,
            purpose: contact.purpose,
            phone: contact.phone,
            email: contact.email,
        };
        Ok(contacts.into_iter().map(contact).collect())
    }

    /// See [`SendTicket`].
    pub async fn send_ticket(&self, ask: SendTicket) -> Result<Ticket, Error> {
        self.must_be_resident().await?;
        let text = ask.ticket.description.trim();
        if text.is_empty() || text.chars().count() > DESCRIPTION || !ask.ticket.email.contains('@') {
            return Err(Error::new(
                ErrorCode::BadValue,
                "a report needs a description and an e-mail address",
            ));
        }
        let mut settled = self.inner.site.settled.subscribe();
        let new = Ticket { at: clock::now(), number: None, delivery: Delivery::Waiting, ..ask.ticket };
        let (key, kept) = (Uuid::new_v4().to_string(), new.clone());
        let id = self.inner.storage.with(move |store| store.add_ticket(&kept, &key)).await?;
        self.inner.hub.tickets_changed();
        self.poke_site();
        if !self.inner.site.online.load(Ordering::Relaxed) {
            return Ok(new);
        }
        let sent = tokio::time::timeout(NUMBER, async {
            loop {
                let ticket = self.ticket(id).await;
                match ticket {
                    Ok(Some(ticket)) if ticket.delivery != Delivery::Waiting => return Some(ticket),
                    Ok(Some(_)) if settled.changed().await.is_ok() => (),
                    _ => return None,
                }
            }
        });
        Ok(sent.await.ok().flatten().unwrap_or(new))
    }

    /// See [`ListTickets`].
    pub async fn list_tickets(&self, _: ListTickets) -> Result<Vec<Ticket>, Error> {
        let tickets = self.inner.storage.with(|store| store.tickets()).await?;
        Ok(tickets.into_iter().map(|(_, ticket)| ticket).collect())
    }

    async fn ticket(&self, id: i64) -> Result<Option<Ticket>, Error> {
        let tickets = self.inner.storage.with(|store| store.tickets()).await?;
        Ok(tickets.into_iter().find(|(known, _)| *known == id).map(|(_, ticket)| ticket))
    }
}
