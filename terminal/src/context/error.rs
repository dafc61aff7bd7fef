//! An error as a use case gives it: a closed code for the reaction of the screens, a message for the log.

use shared::Timestamp;
use shared::cart::CartError;
use shared::drawer::DrawerError;
use shared::money::MoneyError;
use shared::order::{TenderError, TransitionError};
use shared::pricing::PricingError;
use shared::refund::RefundError;
use shared::staff::Permission;

use crate::store::StoreError;
use crate::views::{Code, CommandErrorView, ErrorDetails};

/// What a use case gives.
pub type Done<T> = Result<T, CommandError>;

/// Why a command was refused or failed; nothing of it happened unless the message says so.
#[derive(Debug, thiserror::Error)]
#[error("{message}")]
pub struct CommandError {
    /// The reaction of the screens.
    pub code: Code,
    /// For the log and for support, in English.
    pub message: String,
    /// More, by code.
    pub details: ErrorDetails,
    /// The cause, for the log.
    #[source]
    pub source: Option<Box<dyn std::error::Error + Send + Sync>>,
}

impl CommandError {
    /// An error without details.
    pub fn new(code: Code, message: impl Into<String>) -> Self {
        let details = ErrorDetails { retry_at: None, permission: None, reason: None, subject: None };
        Self { code, message: message.into(), details, source: None }
    }
    /// What was named is not there.
    pub fn not_found(message: impl Into<String>) -> Self {
        Self::new(Code::NotFound, message)
    }
    /// The input is out of bounds; `reason` is a closed word.
    pub fn invalid(reason: &str, message: impl Into<String>) -> Self {
        let mut error = Self::new(Code::Invalid, message);
        error.details.reason = Some(reason.to_owned());
        error
    }
    /// The same error about something.
    #[must_use]
    pub fn about(mut self, subject: impl Into<String>) -> Self {
        self.details.subject = Some(subject.into());
        self
    }
    /// A step that needs another role.
    pub fn needs(code: Code, permission: Permission) -> Self {
        let mut error = Self::new(code, format!("this needs the permission {permission:?}"));
        error.details.permission = Some(permission);
        error
    }
    /// A PIN that may be tried again at `retry_at`.
    pub fn locked(retry_at: Timestamp) -> Self {
        let mut error = Self::new(Code::PinLocked, "too many wrong PINs were entered");
        error.details.retry_at = Some(retry_at);
        error
    }
    fn caused(code: Code, source: impl std::error::Error + Send + Sync + 'static) -> Self {
        let mut error = Self::new(code, source.to_string());
        error.source = Some(Box::new(source));
        error
    }
}

impl From<&CommandError> for CommandErrorView {
    fn from(error: &CommandError) -> Self {
        Self { code: error.code, message: error.message.clone(), details: error.details.clone() }
    }
}

impl From<StoreError> for CommandError {
    fn from(error: StoreError) -> Self {
        let code = if error.is_full_disk() { Code::DiskFull } else { Code::StoreFailed };
        Self::caused(code, error)
    }
}

impl From<MoneyError> for CommandError {
    fn from(error: MoneyError) -> Self {
        match error {
            MoneyError::Overflow => Self::caused(Code::OutOfRange, error),
            _ => Self::caused(Code::Invalid, error),
        }
    }
}

impl From<CartError> for CommandError {
    fn from(error: CartError) -> Self {
        match error {
            CartError::Money(error) => error.into(),
            CartError::UnknownLine(_) => Self::caused(Code::NotFound, error),
            CartError::Document(_) => Self::caused(Code::StoreFailed, error),
            CartError::Quantity(_) | CartError::NegativePrice(_) => Self::caused(Code::OutOfRange, error),
            _ => Self::caused(Code::Invalid, error),
        }
    }
}

impl From<PricingError> for CommandError {
    fn from(error: PricingError) -> Self {
        match error {
            PricingError::Money(error) => error.into(),
            PricingError::Discount => Self::caused(Code::Invalid, error),
            PricingError::Quantity(_) | PricingError::NegativePrice(_) => {
                Self::caused(Code::OutOfRange, error)
            }
            _ => Self::caused(Code::Internal, error),
        }
    }
}

impl From<TenderError> for CommandError {
    fn from(error: TenderError) -> Self {
        match error {
            TenderError::Money(error) => error.into(),
            TenderError::Missing { .. } => Self::caused(Code::TenderMissing, error),
            TenderError::Overpaid => Self::caused(Code::TenderOverpaid, error),
            _ => Self::caused(Code::Invalid, error),
        }
    }
}

impl From<RefundError> for CommandError {
    fn from(error: RefundError) -> Self {
        match error {
            RefundError::Money(error) => error.into(),
            RefundError::UnknownLine(_) => Self::caused(Code::NotFound, error),
            RefundError::TooMany { .. } => Self::caused(Code::RefundTooMuch, error),
            RefundError::Nothing => Self::caused(Code::Invalid, error),
        }
    }
}

impl From<DrawerError> for CommandError {
    fn from(error: DrawerError) -> Self {
        match error {
            DrawerError::Money(error) => error.into(),
            DrawerError::Closed => Self::caused(Code::DrawerClosed, error),
            DrawerError::OtherSession => Self::caused(Code::Internal, error),
        }
    }
}

impl From<TransitionError> for CommandError {
    fn from(error: TransitionError) -> Self {
        Self::caused(Code::Internal, error)
    }
}
