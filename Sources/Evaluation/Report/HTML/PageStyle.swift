/// The style sheet of the report: one column on narrow screens, light and dark, no external asset.
package enum PageStyle {
  /// Colours after Okabe & Ito (2008), distinguished under the common forms of colour blindness; lighter ones on dark
  /// ground.
  package static let css = """
    :root { color-scheme: light dark; --ground: #ffffff; --panel: #f6f7f9; --ink: #1c2128; --faint: #59636e;
      --rule: #d5dae0; --model: #0072b2; --length: #c25500; --random: #6b7480; --oracle: #00795a; --cheapest: #8a5fa8;
      --strongest: #a0326e; --t0: #56b4e9; --t1: #e69f00; --t2: #009e73; --t3: #cc79a7; --t4: #0072b2; --t5: #d55e00;
      --t6: #f0e442; --t7: #6b7480; }
    @media (prefers-color-scheme: dark) { :root { --ground: #14181d; --panel: #1d232a; --ink: #e8ecf1; --faint: #a0abb8;
      --rule: #38414b; --model: #5cbcf2; --length: #ff9a57; --random: #98a3b0; --oracle: #37d0a3; --cheapest: #c6a3e0;
      --strongest: #f08cc0; --t0: #4aa3d6; --t1: #d99708; --t2: #12a67c; --t3: #c978a4; --t4: #2f86bd; --t5: #d8691f;
      --t6: #cfc43a; --t7: #8b95a1; } }
    * { box-sizing: border-box; }
    body { margin: 0 auto; padding: 24px 20px 60px; max-width: 1120px; background: var(--ground); color: var(--ink);
      font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif; }
    body { overflow-wrap: anywhere; }
    h1 { font-size: 24px; margin: 0 0 4px; } h2 { font-size: 18px; margin: 36px 0 10px; }
    p { max-width: 76ch; } .faint { color: var(--faint); }
    .cards { display: grid; grid-template-columns: repeat(auto-fit, minmax(190px, 1fr)); gap: 12px; margin: 20px 0; }
    .card { background: var(--panel); border: 1px solid var(--rule); border-radius: 8px; padding: 12px 14px; }
    .card b { display: block; font-size: 25px; line-height: 1.25; font-variant-numeric: tabular-nums; }
    .card span { display: block; color: var(--faint); font-size: 13px; }
    .plots { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 470px), 1fr)); gap: 16px; }
    .plots.small { grid-template-columns: repeat(auto-fill, minmax(min(100%, 300px), 1fr)); margin-top: 16px; }
    .plots > *, .cards > * { min-width: 0; }
    figure { margin: 0; padding: 12px 12px 10px; background: var(--panel); border: 1px solid var(--rule);
      border-radius: 8px; }
    figcaption { font-weight: 600; margin-bottom: 6px; }
    svg { display: block; width: 100%; height: auto; max-width: 760px; }
    .legend svg { display: inline-block; width: 26px; }
    .legend { display: flex; flex-wrap: wrap; gap: 2px 16px; list-style: none; margin: 6px 0 0; padding: 0;
      font-size: 13px; }
    .legend li { display: flex; align-items: center; gap: 6px; }
    .grid { stroke: var(--rule); stroke-width: 1; } .axis { stroke: var(--faint); stroke-width: 1; }
    .tick { fill: var(--faint); font-size: 13px; } .title { fill: var(--ink); font-size: 14px; }
    .line { fill: none; stroke: var(--c); stroke-width: 2.4; stroke-linejoin: round; } .dash { stroke-dasharray: 6 4;
      stroke-width: 1.9; }
    .area { fill: var(--c); stroke: var(--panel); stroke-width: 0.8; } .dot { fill: var(--c); stroke: var(--panel);
      stroke-width: 1.4; }
    .model { --c: var(--model); } .length { --c: var(--length); } .random { --c: var(--random); }
    .oracle { --c: var(--oracle); } .cheapest { --c: var(--cheapest); } .strongest { --c: var(--strongest); }
    .t0 { --c: var(--t0); } .t1 { --c: var(--t1); } .t2 { --c: var(--t2); } .t3 { --c: var(--t3); }
    .t4 { --c: var(--t4); } .t5 { --c: var(--t5); } .t6 { --c: var(--t6); } .t7 { --c: var(--t7); }
    .scroll { overflow-x: auto; }
    table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
    th, td { padding: 5px 12px; text-align: right; border-bottom: 1px solid var(--rule); white-space: nowrap;
      vertical-align: bottom; }
    th { font-weight: 600; color: var(--faint); white-space: normal; overflow-wrap: break-word; max-width: 180px;
      min-width: 62px; line-height: 1.3; } th:first-child { text-align: left; }
    th[scope="row"] { font-weight: 400; color: var(--ink); max-width: 300px; min-width: 180px; }
    tr.own td, tr.own th { font-weight: 600; }
    td.heat { background: color-mix(in srgb, var(--model) calc(var(--heat) * 60%), transparent); text-align: center;
      min-width: 92px; border: 1px solid var(--ground); }
    td.heat small { display: block; color: inherit; opacity: 0.8; } td.right { outline: 2px solid var(--ink);
      outline-offset: -3px; }
    @media (max-width: 560px) { body { padding: 16px 12px 40px; } h2 { margin-top: 28px; }
      .cards { grid-template-columns: repeat(2, minmax(0, 1fr)); } .card { padding: 10px; } .card b { font-size: 21px; }
      figure { padding: 8px; } table { font-size: 13px; } th, td { padding: 4px 7px; }
      th[scope="row"] { min-width: 96px; max-width: 150px; overflow-wrap: break-word; }
      th:first-child { position: sticky; left: 0; background: var(--ground); }
      figure th:first-child { background: var(--panel); }
      td.heat { min-width: 62px; } .tick { font-size: 17px; } .title { font-size: 18px; } }
    """
}
