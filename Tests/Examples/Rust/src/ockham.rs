//! Safe names for libockham.
use crate::native;
use std::ffi::{c_char, c_void, CStr};
use std::ptr;

#[derive(Clone, Copy)]
#[repr(i32)]
pub enum Role {
    System,
    User,
    Assistant,
    Tool,
}

/// A chat request as far as routing looks at it.
#[derive(Default)]
pub struct Request<'a> {
    pub messages: Vec<(Role, &'a str)>,
    pub tools: Vec<&'a str>,
    pub tool_schema_bytes: i64,
    pub response_schema_bytes: i64,
    pub image_count: i64,
    pub maximum_output_tokens: i64,
    pub response_format: i32,
}

/// Where a request goes and why. The names live as long as the scratch.
pub struct Decision<'a> {
    pub tier: &'a str,
    pub reason: &'a str,
    pub task: Option<&'a str>,
    pub gain: f32,
    pub threshold: f32,
    pub expected_cost_usd: f64,
    pub tiers: &'a [native::TierScore],
}

/// A loaded model.
pub struct Router(*mut c_void);

// A router never changes.
unsafe impl Send for Router {}
unsafe impl Sync for Router {}

impl Router {
    /// Loads the bytes of a model.safetensors.
    pub fn load(model: &[u8]) -> Result<Router, String> {
        if unsafe { native::ockham_abi_version() } != native::ABI_VERSION {
            return Err("the library has another ABI version".into());
        }
        let (mut router, mut detail) = (ptr::null_mut(), [0 as c_char; 512]);
        let status = unsafe {
            native::ockham_router_load(model.as_ptr().cast(), model.len(), &mut router, detail.as_mut_ptr(), detail.len())
        };
        match status {
            0 => Ok(Router(router)),
            _ => Err(unsafe { text(detail.as_ptr()) }.unwrap_or("").to_string()),
        }
    }

    /// Working storage for one thread.
    pub fn scratch(&self) -> Result<Scratch, &'static str> {
        let mut scratch = ptr::null_mut();
        check(unsafe { native::ockham_scratch_create(self.0, &mut scratch) })?;
        let tiers = vec![native::TierScore::default(); unsafe { native::ockham_router_tier_count(self.0) }];
        Ok(Scratch { handle: scratch, tiers, messages: Vec::new(), tools: Vec::new() })
    }
}

impl Drop for Router {
    fn drop(&mut self) {
        unsafe { native::ockham_router_free(self.0) }
    }
}

/// Working storage of one thread at a time. It may outlive its router.
pub struct Scratch {
    handle: *mut c_void,
    tiers: Vec<native::TierScore>,
    messages: Vec<native::Message>,
    tools: Vec<native::Tool>,
}

unsafe impl Send for Scratch {}

impl Scratch {
    /// Decides where a request goes. Nothing is copied, and nothing allocated once the vectors have grown.
    pub fn route(&mut self, request: &Request) -> Result<Decision<'_>, &'static str> {
        let native = self.borrow(request);
        let mut made: native::Decision = unsafe { std::mem::zeroed() };
        made.struct_bytes = std::mem::size_of::<native::Decision>();
        check(unsafe {
            native::ockham_route(self.handle, &native, &mut made, self.tiers.as_mut_ptr(), self.tiers.len())
        })?;
        Ok(Decision {
            tier: unsafe { text(made.tier_name) }.unwrap_or(""),
            reason: unsafe { text(made.reason_name) }.unwrap_or(""),
            task: unsafe { text(made.task_name) },
            gain: made.gain,
            threshold: made.threshold,
            expected_cost_usd: made.expected_cost_usd,
            tiers: &self.tiers,
        })
    }

    fn borrow(&mut self, request: &Request) -> native::Request {
        self.messages.clear();
        self.messages.extend(request.messages.iter().map(|(role, text)| native::Message {
            text: text.as_ptr().cast(),
            text_bytes: text.len(),
            role: *role as i32,
        }));
        self.tools.clear();
        self.tools.extend(request.tools.iter().map(|name| native::Tool { name: name.as_ptr().cast(), name_bytes: name.len() }));
        native::Request {
            struct_bytes: std::mem::size_of::<native::Request>(),
            messages: self.messages.as_ptr(),
            message_count: self.messages.len(),
            tools: self.tools.as_ptr(),
            tool_count: self.tools.len(),
            tool_schema_bytes: request.tool_schema_bytes,
            response_schema_bytes: request.response_schema_bytes,
            image_count: request.image_count,
            maximum_output_tokens: request.maximum_output_tokens,
            response_format: request.response_format,
        }
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        unsafe { native::ockham_scratch_free(self.handle) }
    }
}

fn check(status: i32) -> Result<(), &'static str> {
    match status {
        0 => Ok(()),
        _ => Err(unsafe { text(native::ockham_status_message(status)) }.unwrap_or("")),
    }
}

/// A text of the library; `None` for NULL.
unsafe fn text<'a>(pointer: *const c_char) -> Option<&'a str> {
    if pointer.is_null() {
        return None;
    }
    unsafe { CStr::from_ptr(pointer) }.to_str().ok()
}
