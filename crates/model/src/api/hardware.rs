use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::ConfigurationMode;

/// What administrators note of a device. Residents are not told the first two.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Hardware {
    /// Its serial number, one of a kind in the site, or empty.
    #[serde(default)]
    pub serial: String,
    /// Its hardware address, one of a kind in the site.
    #[serde(default)]
    pub mac: Option<MacAddress>,
    /// How it is reached.
    #[serde(default)]
    pub connection: Connection,
    /// Whose word counts when it is configured; `None`: as for all of its kind.
    #[serde(default)]
    pub mode: Option<ConfigurationMode>,
}

/// How a device is reached.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Connection {
    /// It asks the server.
    #[default]
    Cloud,
    /// Apps in its network ask it themselves; it knows no server.
    Local,
}

/// A hardware address (EUI-48), in the form `XX:XX:XX:XX:XX:XX`; small letters come in as well.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "schema", schema(value_type = String, pattern = "^([0-9A-Fa-f]{2}:){5}[0-9A-Fa-f]{2}$"))]
#[serde(try_from = "String", into = "String")]
pub struct MacAddress([u8; 6]);

/// A text that is no hardware address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("a hardware address looks like 7C:1E:B3:00:00:01")]
pub struct MacAddressError;

impl FromStr for MacAddress {
    type Err = MacAddressError;

    fn from_str(text: &str) -> Result<Self, MacAddressError> {
        let mut bytes = [0; 6];
        let mut parts = text.split(':');
        for byte in &mut bytes {
            // `from_str_radix` takes a sign as well.
            let part = parts.next().filter(|part| part.len() == 2 && !part.starts_with('+'));
            *byte = u8::from_str_radix(part.ok_or(MacAddressError)?, 16).map_err(|_| MacAddressError)?;
        }
        if parts.next().is_some() { Err(MacAddressError) } else { Ok(Self(bytes)) }
    }
}

impl fmt::Display for MacAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [a, b, c, d, e, g] = self.0;
        write!(f, "{a:02X}:{b:02X}:{c:02X}:{d:02X}:{e:02X}:{g:02X}")
    }
}

impl TryFrom<String> for MacAddress {
    type Error = MacAddressError;

    fn try_from(text: String) -> Result<Self, MacAddressError> {
        text.parse()
    }
}

impl From<MacAddress> for String {
    fn from(address: MacAddress) -> Self {
        address.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_has_one_form() {
        let address: MacAddress = "7c:1E:b3:00:0a:ff".parse().unwrap();
        assert_eq!(address.to_string(), "7C:1E:B3:00:0A:FF");
        for wrong in ["", "7C1EB3000AFF", "7C-1E-B3-00-0A-FF", "7C:1E:B3:00:0A", "7C:1E:B3:00:0A:FF:00"] {
            assert_eq!(wrong.parse::<MacAddress>(), Err(MacAddressError), "{wrong}");
        }
        for wrong in ["7C:1E:B3:00:0A:+F", "7C:1E:B3:00:0A:F", "7C:1E:B3:00:0A:0FF", "7C:1E:B3:00:0A:GG"] {
            assert_eq!(wrong.parse::<MacAddress>(), Err(MacAddressError), "{wrong}");
        }
    }
}
