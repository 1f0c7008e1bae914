use serde::{Deserialize, Serialize};

/// A language that the app speaks, by its ISO 639-1 code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
pub enum Language {
    /// Arabic.
    Ar,
    /// Czech.
    Cs,
    /// German.
    De,
    /// English.
    En,
    /// Spanish.
    Es,
    /// French.
    Fr,
    /// Italian.
    It,
    /// Dutch.
    Nl,
}

impl Language {
    /// All of them, in the order of their codes.
    pub const ALL: [Self; 8] =
        [Self::Ar, Self::Cs, Self::De, Self::En, Self::Es, Self::Fr, Self::It, Self::Nl];

    /// Its code.
    pub fn code(self) -> &'static str {
        match self {
            Self::Ar => "ar",
            Self::Cs => "cs",
            Self::De => "de",
            Self::En => "en",
            Self::Es => "es",
            Self::Fr => "fr",
            Self::It => "it",
            Self::Nl => "nl",
        }
    }

    /// Whether it is written from right to left.
    pub fn is_right_to_left(self) -> bool {
        self == Self::Ar
    }

    /// Its name in itself.
    pub fn own_name(self) -> &'static str {
        match self {
            Self::Ar => "العربية",
            Self::Cs => "Čeština",
            Self::De => "Deutsch",
            Self::En => "English",
            Self::Es => "Español",
            Self::Fr => "Français",
            Self::It => "Italiano",
            Self::Nl => "Nederlands",
        }
    }
}
