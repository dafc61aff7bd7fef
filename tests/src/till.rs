//! A headless terminal and the person at it: commands as the screens send them.

mod changes;

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use serde::Serialize;
use serde::de::DeserializeOwned;
use terminal::views::{
    AppState, CommandErrorView, Nothing, SignInInput, StaffListView, Stage, SyncDetailView,
};

use crate::program::{self, Program};

pub use changes::Changes;

/// A terminal's process, its folder and a browser at it.
pub struct Till {
    programs: PathBuf,
    folder: PathBuf,
    port: u16,
    printer: Option<String>,
    process: Option<Program>,
    http: reqwest::Client,
    cookie: Option<String>,
    /// Stands before the program at its next start.
    pub wrap: Vec<String>,
}

/// A command that the terminal refused.
#[derive(Debug)]
pub struct Refused(pub CommandErrorView);

impl std::fmt::Display for Refused {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:?}: {} {:?}", self.0.code, self.0.message, self.0.details)
    }
}

impl std::error::Error for Refused {}

impl Till {
    /// A terminal in a folder that prints to `printer`; not started yet.
    ///
    /// # Errors
    /// When no port is free.
    pub fn new(programs: &Path, folder: &Path, printer: Option<String>) -> Result<Self> {
        std::fs::create_dir_all(folder)?;
        Ok(Self {
            programs: programs.to_path_buf(),
            folder: folder.to_path_buf(),
            port: program::free_port()?,
            printer,
            process: None,
            http: reqwest::Client::builder().timeout(Duration::from_secs(60)).build()?,
            cookie: None,
            wrap: Vec::new(),
        })
    }

    /// Starts the process and waits until it answers; `enrol` is the server's address and a pairing code.
    ///
    /// # Errors
    /// When it does not answer within a minute.
    pub async fn start(&mut self, enrol: Option<(&str, &str)>) -> Result<()> {
        let mut command = program::wrapped(&self.wrap, &self.programs.join("kedai-terminal"));
        command.arg("--headless").args(["--listen", &format!("127.0.0.1:{}", self.port)]);
        command.arg("--data-dir").arg(&self.folder);
        if let Some(printer) = &self.printer {
            command.args(["--printer", printer]);
        }
        if let Some((server, code)) = enrol {
            command.args(["--server", server, "--enrol", code]);
        }
        self.process = Some(Program::start(&mut command, &self.folder.with_extension("log"))?);
        let deadline = Instant::now() + Duration::from_secs(60);
        loop {
            if self.call::<_, AppState>("app.state", &Nothing {}).await.is_ok() {
                return Ok(());
            }
            if self.process.as_mut().is_none_or(Program::has_ended) {
                bail!("the terminal ended: see {}", self.folder.with_extension("log").display());
            }
            ensure!(Instant::now() < deadline, "the terminal does not answer");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// Pulls the plug.
    ///
    /// # Errors
    /// When the process cannot be killed.
    pub fn kill(&mut self) -> Result<()> {
        match self.process.take() {
            Some(mut process) => process.kill(),
            None => Ok(()),
        }
    }

    /// Stops the process in order.
    ///
    /// # Errors
    /// When it does not end well.
    pub fn stop(&mut self) -> Result<()> {
        match self.process.take() {
            Some(mut process) => process.stop(),
            None => Ok(()),
        }
    }

    /// Whether the process is gone.
    pub fn has_ended(&mut self) -> bool {
        self.process.as_mut().is_none_or(Program::has_ended)
    }

    /// The process id, while it runs.
    pub fn process_id(&self) -> Option<u32> {
        self.process.as_ref().map(Program::id)
    }

    /// The folder with the terminal's data.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The address of its screens.
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// Sends a command and reads its answer.
    ///
    /// # Errors
    /// [`Refused`] when the terminal refused it; anything else when it does not answer.
    pub async fn call<I: Serialize + ?Sized, O: DeserializeOwned>(
        &mut self,
        command: &str,
        input: &I,
    ) -> Result<O> {
        let mut request = self.http.post(format!("{}/rpc/{command}", self.url())).json(input);
        if let Some(cookie) = &self.cookie {
            request = request.header("cookie", cookie);
        }
        let response = request.send().await?;
        if let Some(set) = response.headers().get("set-cookie") {
            self.cookie = set.to_str().ok().and_then(|text| text.split(';').next()).map(str::to_owned);
        }
        let well = response.status().is_success();
        let body = response.bytes().await?;
        if well {
            return serde_json::from_slice(&body).with_context(|| format!("the answer to {command}"));
        }
        let refused: CommandErrorView =
            serde_json::from_slice(&body).with_context(|| format!("the error of {command}"))?;
        Err(Refused(refused).into())
    }

    /// Waits until the terminal is enrolled and has its catalogue.
    ///
    /// # Errors
    /// When it takes longer than a minute.
    pub async fn wait_until_loaded(&mut self) -> Result<()> {
        let deadline = Instant::now() + Duration::from_secs(60);
        loop {
            let state: AppState = self.call("app.state", &Nothing {}).await?;
            if matches!(state.stage, Stage::SignedOut | Stage::SignedIn) {
                return Ok(());
            }
            ensure!(Instant::now() < deadline, "the terminal does not get its catalogue: {:?}", state.sync);
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// Signs a person in by name.
    ///
    /// # Errors
    /// When there is no such person or the PIN is wrong.
    pub async fn sign_in(&mut self, name: &str, pin: &str) -> Result<AppState> {
        let list: StaffListView = self.call("staff.list", &Nothing {}).await?;
        let person = list.staff.iter().find(|person| person.name == name).context("no such person")?;
        self.call("staff.sign_in", &SignInInput { staff_id: person.staff_id, pin: pin.to_owned() }).await
    }

    /// Waits until nothing waits to be sent.
    ///
    /// # Errors
    /// When something still waits after `deadline`.
    pub async fn wait_until_sent(&mut self, deadline: Duration) -> Result<()> {
        let end = Instant::now() + deadline;
        loop {
            let detail: SyncDetailView = self.call("sync.detail", &Nothing {}).await?;
            if detail.sync.waiting == 0 {
                return Ok(());
            }
            ensure!(Instant::now() < end, "{} events still wait: {:?}", detail.sync.waiting, detail.sync);
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }
}
