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

/// What a tier answered; zeros and `None` are not known. Facts are the numbers of ockham.h.
#[derive(Default)]
pub struct Response<'a> {
    pub text: &'a str,
    /// Names and arguments.
    pub calls: Vec<(&'a str, &'a str)>,
    pub json_valid: i32,
    pub schema_valid: i32,
    pub tool_calls_valid: i32,
    pub finish_reason: i32,
    pub mean_logprob: Option<f32>,
    pub minimum_logprob: Option<f32>,
    pub logprob_spread: Option<f32>,
}

/// What comes of a response. The name lives as long as the scratch.
pub struct Escalation<'a> {
    /// `None` where the response is to be taken as it is.
    pub tier: Option<&'a str>,
    pub is_worthwhile: bool,
    pub gain: f32,
    pub threshold: f32,
    /// P(good | response) of the tier that answered and of each above.
    pub probabilities: Vec<f32>,
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

    /// The place of a tier, cheapest first.
    pub fn tier(&self, name: &str) -> Option<usize> {
        let count = unsafe { native::ockham_router_tier_count(self.0) };
        (0..count).find(|tier| unsafe { text(native::ockham_router_tier_name(self.0, *tier)) } == Some(name))
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

type DecisionCall = unsafe extern "C" fn(
    *mut c_void,
    *const native::Request,
    *mut native::Decision,
    *mut native::TierScore,
    usize,
) -> i32;

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
        self.decide(request, native::ockham_route)
    }

    /// Decides which tier is asked first, where the model has a cascade: hand its response to `weigh`.
    pub fn start(&mut self, request: &Request) -> Result<Decision<'_>, &'static str> {
        self.decide(request, native::ockham_start)
    }

    /// Weighs a tier's response to the last request.
    pub fn weigh(&mut self, response: &Response, tier: usize) -> Result<Escalation<'_>, &'static str> {
        let calls: Vec<native::ToolCall> = response
            .calls
            .iter()
            .map(|(name, arguments)| native::ToolCall {
                name: name.as_ptr().cast(),
                name_bytes: name.len(),
                arguments: arguments.as_ptr().cast(),
                arguments_bytes: arguments.len(),
            })
            .collect();
        let logprobs = [response.mean_logprob, response.minimum_logprob, response.logprob_spread];
        let facts = native::ResponseFacts {
            struct_bytes: std::mem::size_of::<native::ResponseFacts>(),
            json_valid: response.json_valid,
            schema_valid: response.schema_valid,
            tool_calls_valid: response.tool_calls_valid,
            finish_reason: response.finish_reason,
            known_logprobs: (0..3).filter(|bit| logprobs[*bit].is_some()).map(|bit| 1 << bit).sum(),
            mean_logprob: logprobs[0].unwrap_or(0.0),
            minimum_logprob: logprobs[1].unwrap_or(0.0),
            logprob_spread: logprobs[2].unwrap_or(0.0),
        };
        let native = native::Response {
            struct_bytes: std::mem::size_of::<native::Response>(),
            text: response.text.as_ptr().cast(),
            text_bytes: response.text.len(),
            tool_calls: calls.as_ptr(),
            tool_call_count: calls.len(),
            facts: &facts,
        };
        let mut made: native::Escalation = unsafe { std::mem::zeroed() };
        made.struct_bytes = std::mem::size_of::<native::Escalation>();
        let mut probabilities = vec![0.0; self.tiers.len()];
        check(unsafe {
            native::ockham_weigh(self.handle, &native, tier, &mut made, probabilities.as_mut_ptr(), probabilities.len())
        })?;
        probabilities.truncate(self.tiers.len() - tier);
        Ok(Escalation {
            tier: unsafe { text(made.tier_name) },
            is_worthwhile: made.is_worthwhile != 0,
            gain: made.gain,
            threshold: made.threshold,
            probabilities,
        })
    }

    fn decide(&mut self, request: &Request, call: DecisionCall) -> Result<Decision<'_>, &'static str> {
        let native = self.borrow(request);
        let mut made: native::Decision = unsafe { std::mem::zeroed() };
        made.struct_bytes = std::mem::size_of::<native::Decision>();
        check(unsafe { call(self.handle, &native, &mut made, self.tiers.as_mut_ptr(), self.tiers.len()) })?;
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
