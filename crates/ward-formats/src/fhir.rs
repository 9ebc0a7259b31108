//! FHIR R4 JSON.
use crate::{
    Budget, Document, Edit, Error, ErrorKind, Field, Kind, Parsed, Spliced,
    json::{NodeId, Tree},
};

/// A FHIR resource or bundle.
#[derive(Debug, Clone)]
pub struct FhirDoc {
    tree: Tree,
    fields: Vec<Field>,
}

impl FhirDoc {
    pub fn parse(_b: &[u8], _budget: Budget) -> Result<Parsed<FhirDoc>, Error> {
        Err(Error::new(ErrorKind::Malformed, "", 0))
    }
    pub fn tree(&self) -> &Tree {
        &self.tree
    }
    /// Every resource in source order: (resourceType, node). Bundle entries and contained resources; not the bundle itself.
    pub fn resources(&self) -> impl Iterator<Item = (&str, NodeId)> + '_ {
        std::iter::empty()
    }
}
impl Document for FhirDoc {
    fn kind(&self) -> Kind {
        Kind::Fhir
    }
    fn source(&self) -> &[u8] {
        self.tree.source()
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
