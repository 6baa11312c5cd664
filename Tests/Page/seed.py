"""Two weeks of made-up traffic in a gateway's database, by plain SQL: what the page shows can be summed up by anybody."""
import json
import random
import sqlite3

PRICES = {"small": 0.4e-6, "mid": 2e-6, "frontier": 12e-6}
REASONS = ["gain_below_threshold", "gain_above_threshold", "session", "exploration", "rule"]


def seed(path, end, days=14, requests=6000, model_hash=None):
    rng = random.Random(18)
    db = sqlite3.connect(path)
    names = list(PRICES)
    for index in range(requests):
        hour_weight = rng.random()
        time = end - days * 86400 * (1 - (index + hour_weight) / requests)
        tier = rng.choices(range(3), [70, 20, 10])[0]
        task = rng.choice(["code", "summarisation", "extraction", "chat", None])
        key = rng.choices(["support", "interns", "batch", None], [5, 3, 2, 1])[0]
        reason = rng.choices(REASONS, [60, 20, 10, 5, 5])[0]
        tokens = (rng.randint(50, 3000), rng.randint(10, 900))
        costs = {name: sum(tokens) * price * rng.uniform(0.9, 1.1) for name, price in PRICES.items()}
        failed = rng.random() < 0.01
        name = names[tier]
        p = [min(0.99, max(0.05, rng.gauss(0.75 + 0.1 * t, 0.12))) for t in range(3)]
        gain = p[2] - p[0]
        identifier = f"req_{index:06d}"
        db.execute(
            """INSERT INTO decisions (request_id, time, dialect, is_stream, requested_model, key_name, policy, reason, tier,
                 probabilities, gain, threshold, propensity, task, model_hash, is_cache_hit, decision_ns, answered_tier, answered_target,
                 status, error_code, finish_reason, ttft_ms, latency_ms, upstream_ms, input_tokens, output_tokens, cost_usd,
                 prompt_bytes, content_hash, booked_usd, conversation, eligible, strongest_usd, cheapest_usd, tier_usd,
                 begins_conversation)
               VALUES (?,?,'chat_completions',0,'auto',?,?,?,?,?,?,?,1,?,?,0,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)""",
            (identifier, time, key, rng.choice(["default", "default", "careful"]), reason, name,
             json.dumps(dict(zip(names, p))), gain, 0.2, task, model_hash, rng.randint(5000, 90000),
             None if failed else name, None if failed else f"mock/{name}", 502 if failed else 200,
             "all_providers_failed" if failed else None, None if failed else "stop", rng.uniform(40, 400),
             rng.lognormvariate(6.5, 0.6), 100, *( (None, None, None) if failed else (*tokens, costs[name])),
             tokens[0] * 4, f"{index:016x}", 0 if failed else costs[name], f"{rng.randint(0, 2000):016x}",
             reason not in ("session", "rule"), None if failed else costs["frontier"],
             None if failed else costs["small"], None if failed else json.dumps(costs), rng.random() < 0.4))
        db.execute("INSERT INTO attempts (request_id, position, target, tier, failure, status, latency_ms, cost_usd) "
                   "VALUES (?,0,?,?,?,?,?,?)",
                   (identifier, f"mock/{name}", name, "server_error" if failed else None, 502 if failed else 200, 100,
                    None if failed else costs[name]))
        prompt = json.dumps({"messages": [{"role": "user", "content": f"Made-up question {index}: which one is it?"}]})
        db.execute("INSERT INTO requests (id, dataset, request, served, eligible) VALUES (?,?,?,?,1)",
                   (identifier, key, prompt, None if failed else name))
        if failed:
            continue
        audited = rng.random() < 0.1
        good = {n: rng.random() < p[i] for i, n in enumerate(names)}
        for other in names if audited else [name]:
            db.execute("INSERT INTO outcomes (request_id, name, quality, cost_usd, latency_ms, inclusion, origin, answer) "
                       "VALUES (?,?,?,?,100,?,?,?)",
                       (identifier, other, float(good[other]) if audited else None, costs[other],
                        0.1 if audited else None, "served" if other == name else "audit",
                        json.dumps(f"Made-up answer of quality {int(good[other])}.") if audited else None))
        if audited:
            db.execute("INSERT INTO labels (request_id, label_rate, audit_rate, cost_usd, judge_usd, unpriced) "
                       "VALUES (?,0.1,0.1,?,?,0)", (identifier, sum(costs.values()) - costs[name], 0.0004))
    db.commit()
    db.close()
