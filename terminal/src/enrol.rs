//! Joining an outlet: the device makes its key, proves itself with a one-time pairing code, and keeps what it is told.
//!
//! Every step can be cut off and done again: the key is kept from the first attempt on, the identity is committed before the
//! marker that forbids a second enrolment, and the first pull begins by itself.

use std::sync::Arc;

use zeroize::Zeroizing;

use shared::wire::{EnrolRequest, EnrolResponse, OLDEST_PROTOCOL_VERSION, PROTOCOL_VERSION};

use crate::catalogue;
use crate::context::{CommandError, Done};
use crate::engine::{Engine, FolderError, folder};
use crate::store::meta::{self, Identity};
use crate::store::{Store, StoreError};
use crate::sync::{AddressError, Link, LinkError, Refusal, parse_address, read_problem};
use crate::views::{ChangedWord, Code, EnrolInput};

/// The longest name of a device, and the longest pairing code.
const MAX_NAME: usize = 80;

/// Joins an outlet; the catalogue is then loaded in the background.
///
/// # Errors
/// `already_enrolled`, `invalid`, `pairing_invalid`, `protocol_unsupported`, or why the server could not be asked.
pub(crate) fn enrol(engine: &Engine, input: &EnrolInput) -> Done<()> {
    let till = engine.till();
    // One at a time: a second tap must not use a second code.
    let _turn = till
        .enrolling
        .try_lock()
        .map_err(|_| CommandError::invalid("enrolling", "the terminal is being enrolled"))?;
    if till.device().is_some() || till.rescue().is_some() {
        return Err(CommandError::new(Code::AlreadyEnrolled, "this terminal belongs to an outlet already"));
    }
    let server_url = parse_address(&input.server_url)?;
    let (device_name, pairing_code) = (input.device_name.trim(), input.pairing_code.trim());
    let fits = |text: &str| !text.is_empty() && text.chars().count() <= MAX_NAME;
    if !fits(device_name) || !fits(pairing_code) {
        return Err(CommandError::invalid("empty", "a device name and a pairing code are needed"));
    }
    let key = folder::read_or_make_key(till.dir(), &mut till.random())?;
    let request = EnrolRequest {
        protocol: PROTOCOL_VERSION,
        pairing_code: pairing_code.to_owned(),
        public_key: key.public_key(),
        device_name: device_name.to_owned(),
    };
    let link = till.link(&server_url)?;
    let answer = ask(engine, link.clone(), request)?;
    link.heard_time(answer.server_time, &*till.clock);
    let identity = keep_secrets(engine, &answer, server_url)?;
    let device = till.load_device(&identity)?;
    let mut store = till.store();
    if catalogue::cursor(store.db())?.is_some() {
        store.forget_catalogue()?;
        till.let_readers_go();
    }
    keep_identity(&mut store, &identity)?;
    till.become_device(&store, device);
    drop(store);
    tracing::info!(terminal = %identity.terminal_id, "enrolled");
    till.pull_now.notify_one();
    till.push_now.notify_one();
    till.tell(&[ChangedWord::App, ChangedWord::Loading]);
    Ok(())
}

fn ask(engine: &Engine, link: Arc<Link>, request: EnrolRequest) -> Done<EnrolResponse> {
    let answer = engine
        .wait_for(async move { link.enrol(&request).await })
        .ok_or_else(|| CommandError::new(Code::Internal, "the terminal is being closed"))??;
    if (OLDEST_PROTOCOL_VERSION..=PROTOCOL_VERSION).contains(&answer.protocol) {
        Ok(answer)
    } else {
        let message = format!("the server speaks version {} of the protocol", answer.protocol);
        Err(CommandError::new(Code::ProtocolUnsupported, message))
    }
}

/// The pepper goes into a file of its own, which no backup of the database carries.
fn keep_secrets(engine: &Engine, answer: &EnrolResponse, server_url: String) -> Done<Identity> {
    let garbled =
        || CommandError::new(Code::ServerGarbled, "the server's answer does not hold what is needed");
    let pepper = Zeroizing::new(hex::decode(&answer.pin_pepper).map_err(|_| garbled())?);
    if pepper.len() < 16 || answer.epoch == 0 || answer.terminal_number == 0 {
        return Err(garbled());
    }
    folder::write_pepper(engine.till().dir(), &pepper)?;
    Ok(Identity {
        tenant_id: answer.tenant_id,
        outlet_id: answer.outlet_id,
        terminal_id: answer.terminal_id,
        terminal_number: answer.terminal_number,
        epoch: answer.epoch,
        server_url,
    })
}

fn keep_identity(store: &mut Store, identity: &Identity) -> Result<(), StoreError> {
    store.write(|tx| meta::set_identity(tx, identity))?;
    store.mark_enrolled(identity)
}

impl From<AddressError> for CommandError {
    fn from(error: AddressError) -> Self {
        match error {
            AddressError::Malformed(_) => Self::invalid("server_url", error.to_string()),
            AddressError::Plain(_) => Self::new(Code::ServerUntrusted, error.to_string()),
        }
    }
}

impl From<FolderError> for CommandError {
    fn from(error: FolderError) -> Self {
        Self::new(Code::StoreFailed, error.to_string())
    }
}

impl From<LinkError> for CommandError {
    fn from(error: LinkError) -> Self {
        let code = match &error {
            LinkError::Unreachable(_) => Code::ServerUnreachable,
            LinkError::Untrusted(_) => Code::ServerUntrusted,
            LinkError::Garbled(_) => Code::ServerGarbled,
            LinkError::Store(_) => Code::StoreFailed,
            LinkError::Refused { problem, .. } => match read_problem(problem) {
                Refusal::Pairing => Code::PairingInvalid,
                Refusal::Protocol => Code::ProtocolUnsupported,
                Refusal::Busy => Code::ServerUnreachable,
                _ if problem.status >= 500 => Code::ServerUnreachable,
                _ => Code::ServerGarbled,
            },
        };
        Self::new(code, error.to_string())
    }
}
