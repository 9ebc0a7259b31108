//! Plain text.
use crate::{Budget, Document, Edit, Error, ErrorKind, Field, Kind, Parsed, Spliced};

/// UTF-8 text as one field.
#[derive(Debug, Clone)]
pub struct TextDoc {
    source: Vec<u8>,
    fields: Vec<Field>,
}
impl TextDoc {
    pub fn parse(_b: &[u8], _budget: Budget) -> Result<Parsed<TextDoc>, Error> {
        Err(Error::new(ErrorKind::Malformed, "", 0))
    }
    /// The whole text.
    pub fn text(&self) -> &str {
        self.fields.first().map_or("", |f| &f.text)
    }
}
impl Document for TextDoc {
    fn kind(&self) -> Kind {
        Kind::Text
    }
    fn source(&self) -> &[u8] {
        &self.source
    }
    fn fields(&self) -> &[Field] {
        &self.fields
    }
    fn place(&self, _i: usize) -> String {
        String::new()
    }
    fn splice(&self, _e: &[Edit]) -> Result<Spliced, Error> {
        Err(Error::new(ErrorKind::Edit, "", 0))
    }
}
