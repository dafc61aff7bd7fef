//! A receipt printer without paper: takes ESC/POS over TCP, answers status requests, and shows what it would print.
//!
//! ```
//! use hardware::emulator::{Emulator, EmulatorOptions};
//! use hardware::{Document, PrintOptions, PrinterProfile, escpos, print_job};
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let emulator = Emulator::start(EmulatorOptions::default())?;
//! let mut doc = Document::new();
//! doc.text("Cà phê 29.000 ₫");
//! let bytes = escpos::encode(&doc, PrinterProfile::generic_80());
//! let outcome = print_job(&emulator.target(), &bytes, &PrintOptions::default());
//! assert!(outcome.is_printed());
//! assert_eq!(emulator.jobs()[0].text(), "Cà phê 29.000 ₫\n");
//! # Ok(())
//! # }
//! ```

mod connection;
pub mod control;
pub mod counter;
mod decoder;
mod job;
mod picture;
mod reading;
mod receipt;

use std::collections::VecDeque;
use std::io;
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use crate::document::Document;
use crate::escpos;
use crate::printer::PrinterTarget;
use crate::profile::PrinterProfile;

pub use job::Job;

/// More terminals than one shop has; further ones are turned away.
const MOST_CONNECTIONS: usize = 64;

/// How an emulator is set up.
#[derive(Debug, Clone)]
pub struct EmulatorOptions {
    /// Where to listen; port 0 takes a free one.
    pub listen: SocketAddr,
    /// The printer to play: its width and code pages decide what the bytes look like.
    pub profile: PrinterProfile,
    /// A folder that gets each job as `000001.bin` and `000001.txt`; numbers go on after a restart.
    pub dir: Option<PathBuf>,
    /// Also draw each job as `000001.png` there, which takes some milliseconds a receipt.
    pub png: bool,
    /// What is kept in memory.
    pub keep: Keep,
    /// The most jobs to keep in memory; the oldest go first. Totals count on.
    pub most_kept: usize,
}

impl Default for EmulatorOptions {
    /// A free port of this machine, 80 mm paper, everything kept in memory, nothing on disk.
    fn default() -> Self {
        Self {
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            profile: PrinterProfile::generic_80().clone(),
            dir: None,
            png: false,
            keep: Keep::Jobs,
            most_kept: 10_000,
        }
    }
}

/// What an emulator keeps of a job in memory.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Keep {
    /// Everything; text and picture are made when asked for.
    Jobs,
    /// The text and the counts.
    Text,
    /// Only the counts.
    Counts,
}

/// What is wrong with the printer.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Fault {
    /// Nothing.
    #[default]
    None,
    /// No paper: it says so and prints nothing.
    PaperOut,
    /// It prints, and says that the paper is about to end.
    PaperNearEnd,
    /// The cover is open: it says so and prints nothing.
    CoverOpen,
    /// Offline: it says so and prints nothing.
    Offline,
    /// It takes everything, prints it, and never answers.
    Silent,
    /// It ends every connection once it has so many bytes of a job; 0 ends it at once.
    CloseAfter {
        /// Bytes of the job, status requests not counted.
        bytes: usize,
    },
    /// The paper ends once it has so many bytes of a job.
    PaperOutAfter {
        /// Bytes of the job, status requests not counted.
        bytes: usize,
    },
    /// It takes the connection and then nothing more, and never answers.
    Hang,
    /// It takes and prints everything, and answers late.
    LateAnswers {
        /// By how many milliseconds.
        millis: u32,
    },
    /// It prints, and half a frame of automatic status comes before every answer.
    PartialFrames,
    /// It takes its bytes slowly.
    Slow {
        /// How fast.
        bytes_per_second: u32,
    },
}

impl Fault {
    /// Whether a printer in this state puts nothing on paper.
    fn stops_printing(self) -> bool {
        matches!(self, Self::PaperOut | Self::CoverOpen | Self::Offline)
    }
}

/// What an emulator could not do.
#[derive(Debug, thiserror::Error)]
pub enum EmulatorError {
    /// The port could not be opened.
    #[error("cannot listen at {listen}")]
    Listen {
        /// The address asked for.
        listen: SocketAddr,
        /// Why not.
        #[source]
        cause: io::Error,
    },
    /// The folder for jobs could not be made or read.
    #[error("cannot use {dir} for print jobs")]
    Dir {
        /// The folder.
        dir: PathBuf,
        /// Why not.
        #[source]
        cause: io::Error,
    },
    /// Fewer jobs came than were waited for.
    #[error("waited for {wanted} print jobs and got {came}")]
    Late {
        /// How many should have come.
        wanted: u64,
        /// How many came.
        came: u64,
    },
}

/// The paper of a document as a printer of that profile prints it: PNG, one pixel a dot.
pub fn paper(document: &Document, profile: &PrinterProfile) -> Vec<u8> {
    picture::draw(&receipt::Receipt::decode(&escpos::encode(document, profile), profile), profile)
}

/// A running emulator; it stops when dropped.
#[derive(Debug)]
pub struct Emulator {
    shared: Arc<Shared>,
    addr: SocketAddr,
    accepting: Option<JoinHandle<()>>,
}

/// What the accepting thread, the connections and the owner share.
#[derive(Debug)]
struct Shared {
    options: EmulatorOptions,
    state: Mutex<State>,
    job_came: Condvar,
    stopping: AtomicBool,
    connections: AtomicUsize,
}

#[derive(Debug, Default)]
struct State {
    fault: Fault,
    jobs: VecDeque<Job>,
    next_number: u64,
    jobs_done: u64,
    drawer_pulses: u64,
    cuts: u64,
    drawer_open: bool,
}

impl Emulator {
    /// Opens the port and starts to answer.
    pub fn start(options: EmulatorOptions) -> Result<Self, EmulatorError> {
        let listen_failed = |cause| EmulatorError::Listen { listen: options.listen, cause };
        let next_number = match &options.dir {
            Some(dir) => {
                job::prepare_dir(dir).map_err(|cause| EmulatorError::Dir { dir: dir.clone(), cause })?
            }
            None => 1,
        };
        let listener = TcpListener::bind(options.listen).map_err(listen_failed)?;
        let addr = listener.local_addr().map_err(listen_failed)?;
        let listen = options.listen;
        let shared = Arc::new(Shared {
            options,
            state: Mutex::new(State { next_number, ..State::default() }),
            job_came: Condvar::new(),
            stopping: AtomicBool::new(false),
            connections: AtomicUsize::new(0),
        });
        let accepting = std::thread::Builder::new()
            .name("emulator".to_owned())
            .spawn({
                let shared = Arc::clone(&shared);
                move || accept(&listener, &shared)
            })
            .map_err(|cause| EmulatorError::Listen { listen, cause })?;
        Ok(Self { shared, addr, accepting: Some(accepting) })
    }

    /// Where it listens.
    pub fn addr(&self) -> SocketAddr {
        self.addr
    }

    /// The same as a target for [`crate::print_job`].
    pub fn target(&self) -> PrinterTarget {
        PrinterTarget::tcp(self.addr)
    }

    /// The jobs kept so far, oldest first.
    pub fn jobs(&self) -> Vec<Job> {
        self.shared.state().jobs.iter().cloned().collect()
    }

    /// The jobs kept so far, which are forgotten; the totals stay.
    pub fn take_jobs(&self) -> Vec<Job> {
        self.shared.state().jobs.drain(..).collect()
    }

    /// How many jobs came since the start, whether kept or not.
    pub fn job_count(&self) -> u64 {
        self.shared.state().jobs_done
    }

    /// How many pulses the drawer got since the start.
    pub fn drawer_pulses(&self) -> u64 {
        self.shared.state().drawer_pulses
    }

    /// Whether the drawer stands open: a pulse opens it, [`Emulator::set_drawer_open`] shuts it. Open is the high level of
    /// the connector's pin 3.
    pub fn drawer_is_open(&self) -> bool {
        self.shared.state().drawer_open
    }

    /// Opens or shuts the drawer by hand.
    pub fn set_drawer_open(&self, open: bool) {
        self.shared.state().drawer_open = open;
    }

    /// How often the paper was cut since the start.
    pub fn cuts(&self) -> u64 {
        self.shared.state().cuts
    }

    /// Breaks or mends the printer, from the next bytes on.
    pub fn set_fault(&self, fault: Fault) {
        self.shared.state().fault = fault;
    }

    /// Waits until so many jobs came since the start, and gives back those kept.
    pub fn wait_for_jobs(&self, count: u64, at_most: Duration) -> Result<Vec<Job>, EmulatorError> {
        let deadline = Instant::now() + at_most;
        let mut state = self.shared.state();
        while state.jobs_done < count {
            let Some(left) = deadline.checked_duration_since(Instant::now()) else {
                return Err(EmulatorError::Late { wanted: count, came: state.jobs_done });
            };
            state = match self.shared.job_came.wait_timeout(state, left) {
                Ok((state, _)) => state,
                Err(poisoned) => poisoned.into_inner().0,
            };
        }
        Ok(state.jobs.iter().cloned().collect())
    }
}

impl Drop for Emulator {
    fn drop(&mut self) {
        self.shared.stopping.store(true, Ordering::SeqCst);
        // Wakes the accepting thread; when even this fails the port is dead and the thread ends by itself.
        let mut wake = self.addr;
        if wake.ip().is_unspecified() {
            wake.set_ip(Ipv4Addr::LOCALHOST.into());
        }
        if TcpStream::connect_timeout(&wake, Duration::from_secs(1)).is_ok()
            && let Some(accepting) = self.accepting.take()
        {
            // A panic there was already reported.
            let _ = accepting.join();
        }
    }
}

impl Shared {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn fault(&self) -> Fault {
        self.state().fault
    }

    fn stopping(&self) -> bool {
        self.stopping.load(Ordering::SeqCst)
    }

    /// Keeps a finished job, on disk first, so that who sees its number finds its files.
    fn finish_job(&self, bytes: Vec<u8>, complete: bool) {
        let number = self.state().next_number;
        let mut job = Job::new(number, bytes, complete, &self.options);
        if job.has_paper() {
            {
                // Another connection may have taken the number meanwhile.
                let mut state = self.state();
                job = job.numbered(state.next_number);
                state.next_number += 1;
            }
            job.write_files(&self.options);
        }
        let mut state = self.state();
        state.drawer_open |= job.drawer_pulses() > 0;
        state.jobs_done += 1;
        state.drawer_pulses += u64::from(job.drawer_pulses());
        state.cuts += u64::from(job.cuts());
        if self.options.keep != Keep::Counts {
            state.jobs.push_back(job.kept_as(self.options.keep));
            while state.jobs.len() > self.options.most_kept {
                state.jobs.pop_front();
            }
        }
        self.job_came.notify_all();
    }
}

fn accept(listener: &TcpListener, shared: &Arc<Shared>) {
    for stream in listener.incoming() {
        if shared.stopping() {
            return;
        }
        let Ok(stream) = stream else { continue };
        if shared.connections.fetch_add(1, Ordering::SeqCst) >= MOST_CONNECTIONS {
            shared.connections.fetch_sub(1, Ordering::SeqCst);
            continue;
        }
        let answering = Arc::clone(shared);
        let spawned = std::thread::Builder::new().name("emulator-printer".to_owned()).spawn(move || {
            connection::serve(stream, &answering);
            answering.connections.fetch_sub(1, Ordering::SeqCst);
        });
        if spawned.is_err() {
            shared.connections.fetch_sub(1, Ordering::SeqCst);
        }
    }
}
