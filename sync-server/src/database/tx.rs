//! An open transaction, and the seam at which a simulation lets a server die around its commit.

use std::fmt;
use std::ops::{Deref, DerefMut};
use std::sync::Arc;

use shared::ids::TenantId;
use sqlx::{Any, AnyConnection, Transaction};

use crate::sync::News;

/// A place on a transaction's way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CommitMoment {
    /// A transaction that writes begins.
    Begin,
    /// Its commit is about to be given to the database.
    Before,
    /// Its commit was confirmed by the database.
    After,
}

/// Stands at every commit of a server; a simulation or a test gives one to let the server die there.
pub trait CommitWatch: Send + Sync + fmt::Debug {
    /// Whether the server lives on past this moment; false is answered with an error at once.
    fn lives(&self, moment: CommitMoment) -> bool;
}

/// A transaction on either engine; rolls back when dropped.
///
/// Terminals that listen are told of changes only after the commit: told earlier, they would ask in vain and hear
/// nothing more.
pub struct Tx {
    inner: Transaction<'static, Any>,
    watch: Option<Arc<dyn CommitWatch>>,
    news: News,
    changed: Vec<(TenantId, u64)>,
}

impl Tx {
    pub(super) fn new(
        inner: Transaction<'static, Any>,
        watch: Option<Arc<dyn CommitWatch>>,
        news: News,
    ) -> Self {
        Self { inner, watch, news, changed: Vec::new() }
    }

    /// Whether it is a transaction of the embedded database.
    pub fn is_sqlite(&self) -> bool {
        self.inner.backend_name() == "SQLite"
    }

    /// Notes that a business's feed goes up to `newest` once this is committed.
    pub fn changes_feed(&mut self, tenant: TenantId, newest: u64) {
        match self.changed.iter_mut().find(|(known, _)| *known == tenant) {
            Some((_, known)) => *known = newest,
            None => self.changed.push((tenant, newest)),
        }
    }

    /// Makes everything done with it durable.
    ///
    /// # Errors
    /// After an error it is unknown whether it happened.
    pub async fn commit(self) -> Result<(), sqlx::Error> {
        let lives = |moment| match &self.watch {
            Some(watch) if !watch.lives(moment) => Err(sqlx::Error::WorkerCrashed),
            _ => Ok(()),
        };
        lives(CommitMoment::Before)?;
        self.inner.commit().await?;
        for (tenant, newest) in &self.changed {
            self.news.tell(*tenant, *newest);
        }
        lives(CommitMoment::After)
    }

    /// As [`Tx::commit`], without waiting for the disk of PostgreSQL when it need not: for work whose trace in the database
    /// goes with it, so that after a crash of the machine it is found undone and done again.
    ///
    /// What terminals are told of is waited for: a feed that went back behind what a terminal has read would give its next
    /// numbers to other changes, which that terminal would never ask for.
    ///
    /// # Errors
    /// As [`Tx::commit`].
    pub async fn commit_repeatable(mut self) -> Result<(), sqlx::Error> {
        if !self.is_sqlite() && self.changed.is_empty() {
            sqlx::query("SELECT set_config('synchronous_commit', 'off', true)")
                .execute(&mut *self.inner)
                .await?;
        }
        self.commit().await
    }

    /// Takes everything done with it back.
    ///
    /// # Errors
    /// When the connection is lost, which takes it back as well.
    pub async fn rollback(self) -> Result<(), sqlx::Error> {
        self.inner.rollback().await
    }
}

impl Deref for Tx {
    type Target = AnyConnection;
    fn deref(&self) -> &AnyConnection {
        &self.inner
    }
}

impl DerefMut for Tx {
    fn deref_mut(&mut self) -> &mut AnyConnection {
        &mut self.inner
    }
}
