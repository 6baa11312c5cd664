//! Routes requests and prints each decision to the last bit: route MODEL < flattened requests
//!
//! A request with a response starts where the model's cascade says, and its response is weighed.
mod native;
mod ockham;

use ockham::{Decision, Escalation, Request, Response, Role, Router};
use std::error::Error;
use std::io::Read;

fn main() -> Result<(), Box<dyn Error>> {
    let model = std::fs::read(std::env::args().nth(1).ok_or("usage: route MODEL < requests")?)?;
    let router = Router::load(&model)?;
    let mut scratch = router.scratch()?;
    let mut input = String::new();
    std::io::stdin().read_to_string(&mut input)?;
    for block in input.split("\n\n").filter(|block| !block.is_empty()) {
        let lines: Vec<(&str, String)> = block.lines().filter_map(|line| line.split_once(' ')).map(unescape).collect();
        let (id, request, answer) = read(&lines)?;
        match answer {
            None => print(id, &scratch.route(&request)?),
            Some((answered, response)) => {
                let start = scratch.start(&request)?.tier.to_string();
                let tier = router.tier(answered).ok_or("no such tier")?;
                print_step(id, &start, answered, &scratch.weigh(&response, tier)?);
            }
        }
    }
    Ok(())
}

fn print_step(id: &str, start: &str, answered: &str, step: &Escalation) {
    let bits: Vec<String> = step.probabilities.iter().map(|value| format!("{:08x}", value.to_bits())).collect();
    println!(
        "{id} start={start} answered={answered} p={} next={} gain={:08x} threshold={:08x}",
        bits.join(","),
        step.tier.filter(|_| step.is_worthwhile).unwrap_or("-"),
        step.gain.to_bits(),
        step.threshold.to_bits()
    );
}

fn print(id: &str, decision: &Decision) {
    let bits: Vec<String> = decision.tiers.iter().map(|tier| format!("{:08x}", tier.probability.to_bits())).collect();
    println!(
        "{id} {} {} {} gain={:08x} threshold={:08x} p={} usd={:016x}",
        decision.tier,
        decision.reason,
        decision.task.unwrap_or("-"),
        decision.gain.to_bits(),
        decision.threshold.to_bits(),
        bits.join(","),
        decision.expected_cost_usd.to_bits()
    );
}

fn unescape<'a>((key, value): (&'a str, &'a str)) -> (&'a str, String) {
    let mut text = String::new();
    let mut characters = value.chars();
    while let Some(character) = characters.next() {
        match character {
            '\\' if characters.clone().next() == Some('n') => text.push(characters.next().map_or('\n', |_| '\n')),
            '\\' => text.extend(characters.next()),
            other => text.push(other),
        }
    }
    (key, text)
}

type Line<'a> = (&'a str, Request<'a>, Option<(&'a str, Response<'a>)>);

fn read<'a>(lines: &'a [(&'a str, String)]) -> Result<Line<'a>, Box<dyn Error>> {
    let (mut request, mut response) = (Request::default(), Response::default());
    let (mut id, mut answered) = ("", None);
    for (key, value) in lines {
        match *key {
            "id" => id = value,
            "message0" => request.messages.push((Role::System, value)),
            "message1" => request.messages.push((Role::User, value)),
            "message2" => request.messages.push((Role::Assistant, value)),
            "message3" => request.messages.push((Role::Tool, value)),
            "tool" => request.tools.push(value),
            "format" => request.response_format = value.parse()?,
            "tool_schema_bytes" => request.tool_schema_bytes = value.parse()?,
            "response_schema_bytes" => request.response_schema_bytes = value.parse()?,
            "image_count" => request.image_count = value.parse()?,
            "max_tokens" => request.maximum_output_tokens = value.parse()?,
            "answered" => answered = Some(value.as_str()),
            "text" => response.text = value,
            "call" => response.calls.push((value, "")),
            "arguments" => response.calls.last_mut().ok_or("arguments without a call")?.1 = value,
            "json_valid" => response.json_valid = value.parse()?,
            "schema_valid" => response.schema_valid = value.parse()?,
            "tool_calls_valid" => response.tool_calls_valid = value.parse()?,
            "finish_reason" => response.finish_reason = value.parse()?,
            "mean_logprob" => response.mean_logprob = Some(value.parse()?),
            "minimum_logprob" => response.minimum_logprob = Some(value.parse()?),
            "logprob_spread" => response.logprob_spread = Some(value.parse()?),
            other => return Err(format!("unknown key {other}").into()),
        }
    }
    Ok((id, request, answered.map(|tier| (tier, response))))
}
