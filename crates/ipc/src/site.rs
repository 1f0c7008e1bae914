//! Commands about the building, for residents who are signed in at its site server.

use serde::{Deserialize, Serialize};
use vestibule_model::{
    AccessEntry, AccessFilter, Contact, Member, MemberId, PhoneState, Secret, SignInLink, Ticket, Visitor,
    VisitorId,
};

use crate::Command;
use crate::command::commands;

commands! {
    /// The names of the commands about the building.
    SITE_COMMAND_NAMES;

    /// All visitors of this resident's apartments.
    ListVisitors {} => Vec<Visitor>, "list_visitors";
    /// Makes a visitor (id 0) or changes one. The codes come later when the site server cannot be reached.
    SaveVisitor {
        /// The visitor as it shall be; codes and delivery are not looked at.
        visitor: Visitor,
    } => VisitorId, "save_visitor";
    /// Gives a visitor another PIN; the one before stops working.
    RenewPin {
        /// Which visitor.
        visitor: VisitorId,
    } => (), "renew_pin";
    /// Takes the codes of a visitor back.
    RevokeVisitor {
        /// Which visitor.
        visitor: VisitorId,
    } => (), "revoke_visitor";
    /// Removes a visitor, whose codes stop working.
    DeleteVisitor {
        /// Which visitor.
        visitor: VisitorId,
    } => (), "delete_visitor";

    /// A page of the access log, newest first.
    ListAccess {
        /// Which rows.
        filter: AccessFilter,
    } => AccessPage, "list_access";

    /// The facility management.
    ListContacts {} => Vec<Contact>, "list_contacts";
    /// Reports a problem. It waits when the site server cannot be reached.
    SendTicket {
        /// The report; number and delivery are not looked at.
        ticket: Ticket,
    } => Ticket, "send_ticket";

    /// The resident's reports, newest first, with what became of them.
    ListTickets {} => Vec<Ticket>, "list_tickets";

    /// Asks the building anew how this phone is configured. An account that was set up by hand makes way for the
    /// building's.
    RenewConfiguration {} => PhoneState, "renew_configuration";

    /// Takes the link that the system was asked to open, which then waits no more.
    TakeLink {} => Option<Secret>, "take_link";
    /// Who lives in the apartments of a resident who administers them; nobody for others.
    ListHousehold {} => Vec<Member>, "list_household";
    /// Makes somebody of the household (id 0) or changes them, at the site server itself: it has to be reached.
    SaveMember {
        /// As they shall be; what follows from the server is not looked at.
        member: Member,
    } => MemberId, "save_member";
    /// Removes somebody of the household, with their phones.
    RemoveMember {
        /// Which member.
        member: MemberId,
    } => (), "remove_member";
    /// Makes a link that signs one phone of somebody in, once. It is shown and never kept.
    MakeSignInLink {
        /// Whose phone.
        member: MemberId,
    } => SignInLink, "make_sign_in_link";

    /// Signs in with an account of the site server.
    SignIn {
        /// How.
        with: SignInWith,
    } => SignedIn, "sign_in";
}

/// A page of the access log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccessPage {
    /// Rows, newest first.
    pub entries: Vec<AccessEntry>,
    /// Whether older rows match as well.
    pub more: bool,
}

/// A way to sign in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SignInWith {
    /// By account.
    Password {
        /// Address of the site server.
        server: String,
        /// E-mail address.
        email: String,
        /// Password.
        password: Secret,
        /// The code of the second factor, when it was asked for.
        code: Option<String>,
    },
    /// By a link or the text of a QR code.
    Link {
        /// The whole of it.
        link: Secret,
    },
}

/// How far a sign-in has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SignedIn {
    /// All the way.
    Done,
    /// The code of the second factor is asked for.
    CodeNeeded,
}
