//! The users of a household, for who administers it, and the links that sign their phones in.

use reqwest::Method;
use serde::Serialize;
use vestibule_model::Secret;
use vestibule_model::api::{Link, NewLink, NewUser, User, UserId};

use crate::answer;
use crate::error::CloudError;
use crate::session::{Keeper, Session};

/// Users of a page, at most, as a site server gives them.
const PAGE: u32 = 500;
/// Nobody administers a household of so many pages.
const PAGES: usize = 20;
/// How a link begins that names no server, for the one that made it does not know its own address.
const NO_SERVER: &str = "vestibule://provision?server=&";

impl<K: Keeper> Session<K> {
    /// Oneself, and whom one administers.
    pub async fn users(&self) -> Result<Vec<User>, CloudError> {
        let mut users = Vec::new();
        let mut cursor: Option<String> = None;
        for _ in 0..PAGES {
            let page = self
                .call(|caller| {
                    let (client, cursor) = (self.client().clone(), cursor.clone());
                    async move { client.users(&caller, cursor.as_deref(), PAGE).await }
                })
                .await?;
            users.extend(page.items);
            match page.next {
                None => return Ok(users),
                next => cursor = next,
            }
        }
        Err(CloudError::Shape("its users have no end"))
    }

    /// Makes a user. The same with the same key is made once.
    pub async fn add_user(&self, new: &NewUser, key: &str) -> Result<User, CloudError> {
        let body = &text(new)?;
        self.call(|caller| {
            let client = self.client().clone();
            async move {
                let request = client.write(&caller, Method::POST, &["users"], body, key);
                answer::json(request.send().await?).await
            }
        })
        .await
    }

    /// Changes a user.
    pub async fn change_user(&self, id: UserId, to: &NewUser, key: &str) -> Result<User, CloudError> {
        let (id, body) = (&id.0.to_string(), &text(to)?);
        self.call(|caller| {
            let client = self.client().clone();
            async move {
                let request = client.write(&caller, Method::PUT, &["users", id], body, key);
                answer::json(request.send().await?).await
            }
        })
        .await
    }

    /// Removes a user, with the phones.
    pub async fn remove_user(&self, id: UserId, key: &str) -> Result<(), CloudError> {
        let id = &id.0.to_string();
        self.call(|caller| {
            let client = self.client().clone();
            async move {
                let request = client.write(&caller, Method::DELETE, &["users", id], "", key);
                answer::done(request.send().await?).await
            }
        })
        .await
    }

    /// Makes a link that signs one device of a user in, once. It names this server, as it is reached from here, where
    /// the server names none.
    pub async fn sign_in_link(&self, user: UserId, key: &str) -> Result<Link, CloudError> {
        let body = &text(&NewLink { user })?;
        let made: Link = self
            .call(|caller| {
                let client = self.client().clone();
                async move {
                    let request = client.write(&caller, Method::POST, &["provisioning-links"], body, key);
                    answer::json(request.send().await?).await
                }
            })
            .await?;
        Ok(Link { link: with_server(made.link, self.client().server().as_str()), ..made })
    }
}

fn text(body: &impl Serialize) -> Result<String, CloudError> {
    serde_json::to_string(body).map_err(|error| CloudError::Unusable(error.into()))
}

fn with_server(link: Secret, server: &str) -> Secret {
    let Some(rest) = link.reveal().strip_prefix(NO_SERVER) else { return link };
    let server: String = url::form_urlencoded::byte_serialize(server.as_bytes()).collect();
    Secret::new(format!("vestibule://provision?server={server}&{rest}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ProvisioningLink;

    #[test]
    fn a_link_that_names_no_server_names_the_one_that_gave_it() {
        for (made, server) in [
            ("vestibule://provision?server=&token=abc", "https://site.example/house"),
            ("vestibule://provision?server=https%3A%2F%2Fother.example&token=abc", "https://other.example"),
        ] {
            let link = with_server(Secret::new(made), "https://site.example/house");
            let read: ProvisioningLink = link.reveal().parse().unwrap();
            assert_eq!((read.server.as_str(), read.token.reveal()), (server, "abc"));
        }
    }
}
