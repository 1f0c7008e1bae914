//! Commands about the phone as a key. Only the made-up building of the browser answers them: the core opens no doors
//! nearby yet, and so they are behind a feature.

use serde::{Deserialize, Serialize};
use vestibule_model::{AccessMode, DoorId, MobileAccess};

use crate::Command;
use crate::command::commands;

commands! {
    /// The names of the commands about the phone as a key.
    MOBILE_COMMAND_NAMES;

    /// How it stands with the phone as a key.
    GetMobileAccess {} => MobileAccess, "get_mobile_access";
    /// Puts the site's access card on this device, or takes it off.
    SetAccessCard {
        /// Whether it shall be here.
        active: bool,
    } => (), "set_access_card";
    /// Switches a way to open on or off.
    SetAccessMode {
        /// Which way.
        mode: AccessMode,
        /// Whether it shall be on.
        on: bool,
    } => (), "set_access_mode";
    /// Looks for doors nearby, or stops.
    SearchDoors {
        /// Whether to look.
        on: bool,
    } => (), "search_doors";
    /// Opens a door nearby.
    OpenNearby {
        /// Which door.
        door: DoorId,
    } => (), "open_nearby";
}
