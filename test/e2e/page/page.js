// The page for hand-over in a real browser: headless Chromium opens what `audit -o html` made of
// real samples, wide and narrow, light, dark and on paper. Ends with "N passed, N failed".
//
//   node test/e2e/page/page.js [FOLDER]     screenshots are kept in FOLDER, if it is given
import { spawnSync } from "node:child_process";
import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { Browser, findChromium, openPage } from "./browser.js";
import { colours } from "./png.js";

const root = fileURLToPath(new URL("../../..", import.meta.url));
const scratch = mkdtempSync(join(tmpdir(), "handover-"));
const keep = process.argv[2] === undefined ? undefined : resolve(process.argv[2]);
let passed = 0;
let failed = 0;

function check(name, good, found) {
  if (good) passed += 1;
  else {
    failed += 1;
    console.log(`FAILED ${name}: ${found}`);
  }
}

/** Audits private copies of samples, and returns where the page lies. */
function makePage(name, samples, ...options) {
  const folder = join(scratch, name);
  mkdirSync(folder, { mode: 0o700 });
  for (const [sample, as] of samples) {
    copyFileSync(join(root, "samples", sample), join(folder, as));
    chmodSync(join(folder, as), 0o600);
  }
  const words = ["audit", "-o", "html", "--custody", "--permissions", "owner", ...options, folder];
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [join(root, "bin/cryoscope.cjs"), ...words],
    {
      maxBuffer: 1 << 28,
    },
  );
  // 1: there are findings, which the rich sample has.
  check(
    `${name}: is made`,
    (status === 0 || status === 1) && stdout.length > 0,
    `${status} ${stderr}`,
  );
  const path = join(scratch, `${name}.html`);
  writeFileSync(path, stdout);
  return path;
}

// Elements that reach beyond the page's right side, and headings that leave out a level.
const measure = `(() => {
  for (const fold of document.querySelectorAll("details")) fold.open = true;
  const width = document.documentElement.clientWidth;
  const wide = [...document.body.querySelectorAll("*")].filter((it) => it.getBoundingClientRect().right > width + 1);
  const levels = [...document.querySelectorAll("h1,h2,h3,h4,h5")].map((it) => Number(it.tagName[1]));
  return {
    width,
    scrollWidth: document.documentElement.scrollWidth,
    wide: wide.slice(0, 5).map((it) => it.tagName + " " + it.className + ": " + it.textContent.slice(0, 60)),
    jumps: levels.filter((level, at) => at > 0 && level > levels[at - 1] + 1).length,
    landmarks: ["header", "main", "footer"].map((name) => document.querySelectorAll("body > " + name).length).join(),
    foreign: document.querySelectorAll("script, img, link, iframe, object, embed, b, [onerror], [style]").length,
    bars: [...document.querySelectorAll("svg.bar rect")].filter((it) => it.getBoundingClientRect().width > 0).length,
    headless: [...document.querySelectorAll("table")].filter((it) => it.querySelector("th[scope=col]") === null).length,
    unnamed: [...document.querySelectorAll("svg[role=img]")].filter((it) => !it.getAttribute("aria-label")).length,
    text: document.body.innerText,
  };
})()`;

const views = [
  { view: "desktop", width: 1280, height: 900, scheme: "light" },
  { view: "dark", width: 1280, height: 900, scheme: "dark" },
  { view: "narrow", width: 360, height: 740, scheme: "light" },
  { view: "print", width: 794, height: 1123, scheme: "light", media: "print" },
];

async function look(browser, path, view) {
  const name = `${basename(path, ".html")}, ${view.view}`;
  const url = pathToFileURL(path).href;
  const page = await openPage(browser, url, view);
  // As somebody finds it, before everything is unfolded to be measured.
  const { cssContentSize: size } = await page.ask("Page.getLayoutMetrics");
  const { data } = await page.ask("Page.captureScreenshot", {
    captureBeyondViewport: true,
    clip: { x: 0, y: 0, width: view.width, height: Math.min(size.height, 12_000), scale: 1 },
  });
  const png = Buffer.from(data, "base64");
  if (keep !== undefined) writeFileSync(join(keep, `${name.replace(", ", "-")}.png`), png);
  const { shares } = colours(png);
  check(
    `${name}: is not blank`,
    shares.length > 50 && shares[0][1] < 0.97,
    `${shares.length} colours`,
  );
  const dark = shares[0][0] < 0x40_00_00;
  check(`${name}: is ${view.scheme}`, dark === (view.scheme === "dark"), shares[0][0].toString(16));
  const it = await page.evaluate(measure);
  check(
    `${name}: fits`,
    it.scrollWidth <= it.width && it.wide.length === 0,
    `${it.scrollWidth} > ${it.width}\n  ${it.wide.join("\n  ")}`,
  );
  check(`${name}: one header, main and footer`, it.landmarks === "1,1,1", it.landmarks);
  check(`${name}: headings go down step by step`, it.jumps === 0, `${it.jumps} jumps`);
  check(
    `${name}: tables have headers, pictures names`,
    it.headless + it.unnamed === 0,
    `${it.headless}, ${it.unnamed}`,
  );
  check(`${name}: draws`, it.bars >= 5, `${it.bars} bars`);
  check(`${name}: is made of our elements only`, it.foreign === 0, it.foreign);
  check(
    `${name}: asks for nothing but itself`,
    page.requests.join() === url,
    page.requests.join(" "),
  );
  check(
    `${name}: nothing is complained of`,
    page.complaints.length === 0,
    page.complaints.join("; "),
  );
  await page.close();
  return it.text;
}

async function run(browser) {
  const rich = makePage("rich", [["podman/rich-crun.tar", "rich-crun.tar"]]);
  const texts = [];
  for (const view of views) texts.push(await look(browser, rich, view));
  const text = texts[0];
  for (const word of [
    "rich-main",
    "rich-zombie",
    "0.0.0.0:18080",
    "Chain of custody",
    "pages-4.img",
  ]) {
    check(`rich: tells of ${word}`, text.includes(word), "it does not");
  }
  // What was decoded wrongly begins with one of these.
  check("rich: is decoded as it was written", text.includes("✗") && !/[ÂÃâ]/.test(text), text);
  for (const secret of [
    "hunter2-not-real",
    "mysecret-not-real",
    "cmdline-secret-not-real",
    "wJalrXUtnFEMI",
  ]) {
    check(
      `rich: masks ${secret}`,
      texts.every((it) => !it.includes(secret)),
      "it does not",
    );
  }

  const crio = readdirSync(join(root, "samples/crio")).map((name) => [`crio/${name}`, name]);
  const hostile = `"><img src=x onerror=alert(1)><b>'.tar`;
  const many = makePage(
    "many",
    [...crio, ["podman/busybox-crun-none.tar", hostile]],
    "--no-memory",
  );
  for (const view of views) await look(browser, many, view);
  const page = await openPage(browser, pathToFileURL(rich).href, views[0]);
  const { data } = await page.ask("Page.printToPDF", { printBackground: true });
  const pdf = Buffer.from(data, "base64");
  check(
    "rich: can be printed",
    pdf.subarray(0, 5).toString() === "%PDF-" && pdf.length > 20_000,
    `${pdf.length} bytes`,
  );
  if (keep !== undefined) writeFileSync(join(keep, "rich.pdf"), pdf);
}

if (keep !== undefined) mkdirSync(keep, { recursive: true });
const program = findChromium();
if (program === undefined) check("Chromium", false, "is not here and could not be installed");
else {
  const browser = new Browser(program);
  try {
    await run(browser);
  } catch (error) {
    check("looking at the page", false, error.stack);
  } finally {
    await browser.close();
    rmSync(scratch, { recursive: true, force: true });
  }
}
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
