//! What is typed for the account, and what is wrong with it.

use vestibule_model::{AccountProblem, AudioCodec, DtmfMode, SipAccount, SipTransport};

/// Ways to order the codecs, in the order of the menu.
pub(super) const CODECS: [&[AudioCodec]; 4] = [
    &[AudioCodec::Pcma, AudioCodec::Pcmu],
    &[AudioCodec::Pcmu, AudioCodec::Pcma],
    &[AudioCodec::Pcma],
    &[AudioCodec::Pcmu],
];

/// Ways to send a code, in the order of the menu.
pub(super) const MODES: [DtmfMode; 4] = [DtmfMode::Rfc4733, DtmfMode::Info, DtmfMode::Both, DtmfMode::Auto];

/// The fields as texts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Typed {
    pub(super) user: String,
    pub(super) domain: String,
    pub(super) servers: String,
    pub(super) auth_user: String,
    pub(super) display_name: String,
    pub(super) expires: String,
    pub(super) transport: SipTransport,
    pub(super) dtmf: DtmfMode,
    pub(super) codecs: Vec<AudioCodec>,
}

impl Typed {
    /// The fields of an account; of the usual one where there is none.
    pub(super) fn of(account: Option<&SipAccount>) -> Self {
        match account {
            None => Self {
                user: String::new(),
                domain: String::new(),
                servers: String::new(),
                auth_user: String::new(),
                display_name: String::new(),
                expires: SipAccount::default_expires().to_string(),
                transport: SipTransport::default(),
                dtmf: DtmfMode::default(),
                codecs: SipAccount::default_codecs(),
            },
            Some(account) => Self {
                user: account.user.clone(),
                domain: account.domain.clone(),
                servers: account.servers.join("\n"),
                auth_user: account.auth_user.clone().unwrap_or_default(),
                display_name: account.display_name.clone().unwrap_or_default(),
                expires: account.expires.to_string(),
                transport: account.transport,
                dtmf: account.dtmf,
                codecs: account.codecs.clone(),
            },
        }
    }

    /// The account, or the field that it cannot have.
    pub(super) fn account(&self) -> Result<SipAccount, AccountProblem> {
        let optional = |text: &str| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
        let account = SipAccount {
            user: self.user.trim().to_owned(),
            domain: self.domain.trim().to_owned(),
            servers: self.servers.split(['\n', ',']).filter_map(optional).collect(),
            auth_user: optional(&self.auth_user),
            display_name: optional(&self.display_name),
            transport: self.transport,
            dtmf: self.dtmf,
            codecs: self.codecs.clone(),
            expires: self.expires.trim().parse().map_err(|_| AccountProblem::Expires)?,
        };
        account.check().map(|()| account)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed() -> Typed {
        Typed { user: " flat12 ".to_owned(), domain: "sip.example.org".to_owned(), ..Typed::of(None) }
    }

    #[test]
    fn an_account_comes_back_as_it_was_typed() {
        let typed = Typed { servers: "one.example.org\n\n two.example.org:5062 ".to_owned(), ..typed() };
        let account = typed.account().unwrap();
        assert_eq!(account.user, "flat12");
        assert_eq!(account.servers, ["one.example.org", "two.example.org:5062"]);
        assert_eq!(account.auth_user, None);
        assert_eq!(Typed::of(Some(&account)).account(), Ok(account));
    }

    #[test]
    fn each_problem_names_its_field() {
        for (typed, problem) in [
            (Typed { user: String::new(), ..typed() }, AccountProblem::User),
            (Typed { user: "flat 12".to_owned(), ..typed() }, AccountProblem::User),
            (Typed { domain: "no host".to_owned(), ..typed() }, AccountProblem::Domain),
            (Typed { servers: "host:x".to_owned(), ..typed() }, AccountProblem::Server),
            (Typed { codecs: Vec::new(), ..typed() }, AccountProblem::Codecs),
            (Typed { expires: "ten".to_owned(), ..typed() }, AccountProblem::Expires),
            (Typed { expires: "59".to_owned(), ..typed() }, AccountProblem::Expires),
        ] {
            assert_eq!(typed.account(), Err(problem), "{typed:?}");
        }
    }
}
