//! The exchange between tills and server, each figure beside the floor of the same run.
//!
//! One file per subject below this folder, each with a `run` that gives its figures.

mod drain;
mod floor;
mod poke;
mod push;
mod snapshot;

use std::path::PathBuf;

use anyhow::Result;

use super::table::Figure;

/// Where to measure.
pub struct Ground {
    /// The folder of the programs.
    pub programs: PathBuf,
    /// A fresh folder for everything that is made.
    pub folder: PathBuf,
    /// The address of a PostgreSQL cluster for its superuser; None leaves out what needs it.
    pub postgres: Option<String>,
    /// Only subjects whose name holds this.
    pub only: Option<String>,
    /// Orders that wait at a till before it comes back.
    pub orders: usize,
    /// Items of the larger catalogue; the smaller one has half of them.
    pub items: usize,
}

impl Ground {
    /// Whether a subject is to be measured; also when only a part of it is asked for.
    pub fn wants(&self, subject: &str) -> bool {
        self.only.as_deref().is_none_or(|only| subject.contains(only) || only.starts_with(subject))
    }

    /// A fresh folder of that name.
    ///
    /// # Errors
    /// When it cannot be made.
    pub fn folder(&self, name: &str) -> Result<PathBuf> {
        let folder = self.folder.join(name);
        std::fs::create_dir_all(&folder)?;
        Ok(folder)
    }

    /// The address of a new PostgreSQL database with an ordinary role of its own; None without a cluster.
    ///
    /// # Errors
    /// When it cannot be made.
    pub async fn database(&self, name: &str) -> Result<Option<String>> {
        let Some(admin) = &self.postgres else { return Ok(None) };
        crate::postgres::database(admin, name).await.map(Some)
    }
}

/// Measures every subject.
///
/// # Errors
/// When a step fails.
pub async fn run(ground: &Ground) -> Result<Vec<Figure>> {
    let mut figures = Vec::new();
    if ground.wants("push") {
        figures.extend(push::run(ground).await?);
    }
    if ground.wants("poke") {
        figures.extend(poke::run(ground).await?);
    }
    if ground.wants("drain") {
        figures.extend(drain::run(ground).await?);
    }
    if ground.wants("snapshot") {
        figures.extend(snapshot::run(ground).await?);
    }
    Ok(figures)
}
