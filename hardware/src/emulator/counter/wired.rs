//! A device on a wire, and the faults of that wire.

use std::collections::VecDeque;
use std::io::{self, ErrorKind, Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::str::FromStr;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use super::Device;
use crate::PrinterTarget;
use crate::printer::Connect;
use crate::transport::{Answers, Transport, TransportError, TransportErrorKind};

/// How often a device is asked whether it has something to say.
const TICK: Duration = Duration::from_millis(5);

/// How a device misbehaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Fault {
    /// It does not.
    #[default]
    None,
    /// It sends so many bytes a second.
    Slow {
        /// How fast.
        bytes_per_second: u32,
    },
    /// It does what it is told and says nothing.
    Silent,
    /// Of every frame only the first bytes come.
    Partial {
        /// How many.
        bytes: usize,
    },
    /// Every frame comes damaged.
    WrongChecksum,
    /// It ends the connection once it has sent so many bytes of it.
    CloseAfter {
        /// How many; 0 ends it before the first.
        bytes: usize,
    },
    /// It reads nothing more, and the connection stands.
    Hang,
    /// It says everything this much later.
    Late {
        /// How much.
        millis: u32,
    },
    /// It ends the connection as soon as it has received so many bytes of it.
    Unplug {
        /// How many; 0 takes no connection at all.
        bytes: usize,
    },
}

impl FromStr for Fault {
    type Err = String;

    /// Reads `none`, `slow N`, `silent`, `partial N`, `wrong-checksum`, `close-after N`, `hang`, `late N` or `unplug N`.
    fn from_str(text: &str) -> Result<Self, String> {
        let mut words = text.split_whitespace();
        let name = words.next().unwrap_or_default();
        let number = words.next().map(str::parse::<u32>).transpose().map_err(|error| error.to_string())?;
        let bytes = number.map(|number| number as usize);
        match (name, number, bytes) {
            ("none", None, _) => Ok(Self::None),
            ("silent", None, _) => Ok(Self::Silent),
            ("wrong-checksum", None, _) => Ok(Self::WrongChecksum),
            ("hang", None, _) => Ok(Self::Hang),
            ("slow", Some(bytes_per_second), _) => Ok(Self::Slow { bytes_per_second }),
            ("late", Some(millis), _) => Ok(Self::Late { millis }),
            ("partial", _, Some(bytes)) => Ok(Self::Partial { bytes }),
            ("close-after", _, Some(bytes)) => Ok(Self::CloseAfter { bytes }),
            ("unplug", _, Some(bytes)) => Ok(Self::Unplug { bytes }),
            _ => Err(format!("no fault {text:?}")),
        }
    }
}

/// A running device; it stops when dropped.
pub struct Wired<D: Device> {
    shared: Arc<Shared<D>>,
    address: String,
    wake: Option<SocketAddr>,
    worker: Option<JoinHandle<()>>,
}

struct Shared<D> {
    device: Mutex<D>,
    fault: Mutex<Fault>,
    fired: AtomicU64,
    connections: AtomicU64,
    stopping: AtomicBool,
}

impl<D> Shared<D> {
    fn new(device: D) -> Arc<Self> {
        Arc::new(Self {
            device: Mutex::new(device),
            fault: Mutex::new(Fault::None),
            fired: AtomicU64::new(0),
            connections: AtomicU64::new(0),
            stopping: AtomicBool::new(false),
        })
    }

    fn fault(&self) -> Fault {
        *held(&self.fault)
    }

    fn fire(&self) {
        self.fired.fetch_add(1, Ordering::SeqCst);
    }

    fn stopping(&self) -> bool {
        self.stopping.load(Ordering::SeqCst)
    }
}

fn held<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl<D: Device> Wired<D> {
    /// The device at a TCP port; port 0 takes a free one.
    ///
    /// # Errors
    /// When the port is taken.
    pub fn tcp(device: D, port: u16) -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port))?;
        let addr = listener.local_addr()?;
        let shared = Shared::new(device);
        let worker = std::thread::Builder::new().name("counter-device".to_owned()).spawn({
            let shared = shared.clone();
            move || accept(&listener, &shared)
        })?;
        Ok(Self { shared, address: format!("tcp://{addr}"), wake: Some(addr), worker: Some(worker) })
    }

    /// The device at a pseudo terminal, which a driver opens as a serial port.
    ///
    /// # Errors
    /// When the system has none to give.
    #[cfg(unix)]
    pub fn pty(device: D) -> io::Result<Self> {
        use serialport::SerialPort as _;
        let (mut ours, mut theirs) = serialport::TTYPort::pair().map_err(io::Error::from)?;
        let name = theirs.name().ok_or_else(|| io::Error::other("the pseudo terminal has no name"))?;
        // Let go at once: a driver wants the port for itself. Until it opens it, every read here fails and is tried again.
        theirs.set_exclusive(false).map_err(io::Error::from)?;
        drop(theirs);
        let shared = Shared::new(device);
        let worker = std::thread::Builder::new().name("counter-device".to_owned()).spawn({
            let shared = shared.clone();
            move || {
                let _ = ours.set_timeout(TICK);
                while !shared.stopping() {
                    let _ = serve(&mut ours, &shared);
                    std::thread::sleep(TICK);
                }
            }
        })?;
        Ok(Self { shared, address: format!("serial://{name}"), wake: None, worker: Some(worker) })
    }

    /// Where a driver finds it.
    pub fn address(&self) -> &str {
        &self.address
    }

    /// The same as a target.
    ///
    /// # Errors
    /// Never for the addresses made here; kept as an error so that nothing panics.
    pub fn target(&self) -> Result<PrinterTarget, crate::printer::TargetError> {
        self.address.parse()
    }

    /// Breaks or mends it, from the next bytes on.
    pub fn set_fault(&self, fault: Fault) {
        *held(&self.shared.fault) = fault;
    }

    /// How often a fault changed what was sent or taken.
    pub fn fired(&self) -> u64 {
        self.shared.fired.load(Ordering::SeqCst)
    }

    /// How many connections were made.
    pub fn connections(&self) -> u64 {
        self.shared.connections.load(Ordering::SeqCst)
    }

    /// Looks at or changes the device, as a hand at it would.
    pub fn with<T>(&self, change: impl FnOnce(&mut D) -> T) -> T {
        change(&mut held(&self.shared.device))
    }
}

impl<D: Device> Drop for Wired<D> {
    fn drop(&mut self) {
        self.shared.stopping.store(true, Ordering::SeqCst);
        if let Some(addr) = self.wake {
            // Wakes the accepting thread; when even this fails it ends with the process.
            let _ = TcpStream::connect_timeout(&addr, Duration::from_secs(1));
        }
        if let Some(worker) = self.worker.take() {
            // A panic there was already reported.
            let _ = worker.join();
        }
    }
}

fn accept<D: Device>(listener: &TcpListener, shared: &Arc<Shared<D>>) {
    let mut serving: VecDeque<JoinHandle<()>> = VecDeque::new();
    for stream in listener.incoming() {
        if shared.stopping() {
            break;
        }
        let Ok(mut stream) = stream else { continue };
        if shared.fault() == (Fault::Unplug { bytes: 0 }) {
            shared.fire();
            continue;
        }
        let _ = stream.set_nodelay(true);
        let _ = stream.set_read_timeout(Some(TICK));
        let shared = shared.clone();
        let spawned = std::thread::Builder::new().name("counter-connection".to_owned()).spawn(move || {
            // A connection that fails is over, as it would be for a device.
            let _ = serve(&mut stream, &shared);
        });
        serving.extend(spawned);
        while serving.front().is_some_and(JoinHandle::is_finished) || serving.len() > 64 {
            let _ = serving.pop_front().map(JoinHandle::join);
        }
    }
    for thread in serving {
        let _ = thread.join();
    }
}

/// Speaks for the device until the connection ends.
fn serve<D: Device>(wire: &mut (impl Read + Write), shared: &Shared<D>) -> io::Result<()> {
    let number = shared.connections.fetch_add(1, Ordering::SeqCst);
    held(&shared.device).connected();
    let (mut received, mut sent) = (0_usize, 0_usize);
    while !shared.stopping() {
        if shared.fault() == Fault::Hang {
            shared.fire();
            while shared.fault() == Fault::Hang && !shared.stopping() {
                std::thread::sleep(TICK);
            }
        }
        let mut buffer = [0; 1024];
        let count = match wire.read(&mut buffer) {
            Ok(0) => return Ok(()),
            Ok(count) => count,
            Err(error) if matches!(error.kind(), ErrorKind::TimedOut | ErrorKind::WouldBlock) => 0,
            Err(error) if error.kind() == ErrorKind::Interrupted => 0,
            Err(error) => return Err(error),
        };
        received += count;
        if let Fault::Unplug { bytes } = shared.fault()
            && received >= bytes
        {
            shared.fire();
            return Ok(());
        }
        let said = held(&shared.device).poll_on(number, &buffer[..count]);
        for mut frame in said {
            if !send(wire, shared, &mut frame, &mut sent)? {
                return Ok(());
            }
        }
    }
    Ok(())
}

/// Sends a frame as the fault lets it; false when the connection ends with it.
fn send<D: Device>(
    wire: &mut impl Write,
    shared: &Shared<D>,
    frame: &mut [u8],
    sent: &mut usize,
) -> io::Result<bool> {
    let mut ends = false;
    let mut frame = frame;
    let fault = shared.fault();
    if fault != Fault::None && !matches!(fault, Fault::CloseAfter { .. } | Fault::Unplug { .. }) {
        shared.fire();
    }
    match fault {
        Fault::Silent => return Ok(true),
        Fault::Partial { bytes } => {
            let most = bytes.min(frame.len());
            frame = &mut frame[..most];
        }
        Fault::WrongChecksum => held(&shared.device).damage(frame),
        Fault::CloseAfter { bytes } if *sent + frame.len() > bytes => {
            shared.fire();
            frame = &mut frame[..bytes.saturating_sub(*sent)];
            ends = true;
        }
        Fault::Late { millis } => {
            let until = Instant::now() + Duration::from_millis(millis.into());
            while Instant::now() < until && !shared.stopping() {
                std::thread::sleep(TICK);
            }
        }
        Fault::Slow { bytes_per_second } => {
            let pause = Duration::from_secs(1) / bytes_per_second.max(1);
            for byte in frame.iter() {
                wire.write_all(&[*byte])?;
                std::thread::sleep(pause);
            }
            *sent += frame.len();
            return Ok(true);
        }
        _ => {}
    }
    wire.write_all(frame)?;
    wire.flush()?;
    *sent += frame.len();
    Ok(!ends)
}

/// A device in memory: no socket and no thread, for tests of bytes.
pub struct MemoryWire<D> {
    device: Arc<Mutex<D>>,
    unread: VecDeque<u8>,
}

impl<D: Device> MemoryWire<D> {
    /// A device that answers in memory; clones of its handle are the same device.
    pub fn new(device: Arc<Mutex<D>>) -> Self {
        Self { device, unread: VecDeque::new() }
    }
}

impl<D: Device> Transport for MemoryWire<D> {
    fn write_all(&mut self, bytes: &[u8], _deadline: Instant) -> Result<(), TransportError> {
        let said = held(&self.device).poll(bytes);
        self.unread.extend(said.concat());
        Ok(())
    }

    fn read(&mut self, buffer: &mut [u8], _deadline: Instant) -> Result<usize, TransportError> {
        if self.unread.is_empty() {
            let said = held(&self.device).poll(&[]);
            self.unread.extend(said.concat());
        }
        let count = self.unread.len().min(buffer.len());
        if count == 0 {
            return Err(TransportError::new(TransportErrorKind::TimedOut, "read the device's answer"));
        }
        for (slot, byte) in buffer.iter_mut().zip(self.unread.drain(..count)) {
            *slot = byte;
        }
        Ok(count)
    }

    fn answers(&self) -> Answers {
        Answers::Printer
    }

    fn close(self: Box<Self>) -> Result<(), TransportError> {
        Ok(())
    }
}

impl<D: Device> Connect for Arc<Mutex<D>> {
    fn connect(&self, _timeout: Duration) -> Result<Box<dyn Transport>, TransportError> {
        held(self).connected();
        Ok(Box::new(MemoryWire::new(self.clone())))
    }
}
