/* uplot 1.6.32, bundled by tools/vendor.mjs; licence: uplot.LICENSE.txt */

// node_modules/uplot/dist/uPlot.esm.js
var UPLOT = "uplot", ORI_HZ = "u-hz", ORI_VT = "u-vt", TITLE = "u-title", WRAP = "u-wrap", UNDER = "u-under", OVER = "u-over", AXIS = "u-axis", OFF = "u-off", SELECT = "u-select", CURSOR_X = "u-cursor-x", CURSOR_Y = "u-cursor-y", CURSOR_PT = "u-cursor-pt", LEGEND = "u-legend", LEGEND_LIVE = "u-live", LEGEND_INLINE = "u-inline", LEGEND_SERIES = "u-series", LEGEND_MARKER = "u-marker", LEGEND_LABEL = "u-label", LEGEND_VALUE = "u-value", WIDTH = "width", HEIGHT = "height";
var BOTTOM = "bottom", LEFT = "left", RIGHT = "right", hexBlack = "#000", transparent = hexBlack + "0", mousemove = "mousemove", mousedown = "mousedown", mouseup = "mouseup", mouseenter = "mouseenter", mouseleave = "mouseleave", dblclick = "dblclick", resize = "resize", scroll = "scroll", change = "change", dppxchange = "dppxchange", LEGEND_DISP = "--", domEnv = typeof window < "u", doc = domEnv ? document : null, win = domEnv ? window : null, nav = domEnv ? navigator : null, pxRatio, query;
function setPxRatio() {
  let _pxRatio = devicePixelRatio;
  pxRatio != _pxRatio && (pxRatio = _pxRatio, query && off(change, query, setPxRatio), query = matchMedia(`(min-resolution: ${pxRatio - 1e-3}dppx) and (max-resolution: ${pxRatio + 1e-3}dppx)`), on(change, query, setPxRatio), win.dispatchEvent(new CustomEvent(dppxchange)));
}
function addClass(el, c) {
  if (c != null) {
    let cl = el.classList;
    !cl.contains(c) && cl.add(c);
  }
}
function remClass(el, c) {
  let cl = el.classList;
  cl.contains(c) && cl.remove(c);
}
function setStylePx(el, name, value) {
  el.style[name] = value + "px";
}
function placeTag(tag, cls, targ, refEl) {
  let el = doc.createElement(tag);
  return cls != null && addClass(el, cls), targ?.insertBefore(el, refEl), el;
}
function placeDiv(cls, targ) {
  return placeTag("div", cls, targ);
}
var xformCache = /* @__PURE__ */ new WeakMap();
function elTrans(el, xPos, yPos, xMax, yMax) {
  let xform = "translate(" + xPos + "px," + yPos + "px)", xformOld = xformCache.get(el);
  xform != xformOld && (el.style.transform = xform, xformCache.set(el, xform), xPos < 0 || yPos < 0 || xPos > xMax || yPos > yMax ? addClass(el, OFF) : remClass(el, OFF));
}
var colorCache = /* @__PURE__ */ new WeakMap();
function elColor(el, background, borderColor) {
  let newColor = background + borderColor, oldColor = colorCache.get(el);
  newColor != oldColor && (colorCache.set(el, newColor), el.style.background = background, el.style.borderColor = borderColor);
}
var sizeCache = /* @__PURE__ */ new WeakMap();
function elSize(el, newWid, newHgt, centered) {
  let newSize = newWid + "" + newHgt, oldSize = sizeCache.get(el);
  newSize != oldSize && (sizeCache.set(el, newSize), el.style.height = newHgt + "px", el.style.width = newWid + "px", el.style.marginLeft = centered ? -newWid / 2 + "px" : 0, el.style.marginTop = centered ? -newHgt / 2 + "px" : 0);
}
var evOpts = { passive: !0 }, evOpts2 = { ...evOpts, capture: !0 };
function on(ev, el, cb, capt) {
  el.addEventListener(ev, cb, capt ? evOpts2 : evOpts);
}
function off(ev, el, cb, capt) {
  el.removeEventListener(ev, cb, evOpts);
}
domEnv && setPxRatio();
function closestIdx(num, arr, lo, hi) {
  let mid;
  lo = lo || 0, hi = hi || arr.length - 1;
  let bitwise = hi <= 2147483647;
  for (; hi - lo > 1; )
    mid = bitwise ? lo + hi >> 1 : floor((lo + hi) / 2), arr[mid] < num ? lo = mid : hi = mid;
  return num - arr[lo] <= arr[hi] - num ? lo : hi;
}
function makeIndexOfs(predicate) {
  return (data, _i0, _i1) => {
    let i0 = -1, i1 = -1;
    for (let i = _i0; i <= _i1; i++)
      if (predicate(data[i])) {
        i0 = i;
        break;
      }
    for (let i = _i1; i >= _i0; i--)
      if (predicate(data[i])) {
        i1 = i;
        break;
      }
    return [i0, i1];
  };
}
var notNullish = (v) => v != null, isPositive = (v) => v != null && v > 0, nonNullIdxs = makeIndexOfs(notNullish), positiveIdxs = makeIndexOfs(isPositive);
function getMinMax(data, _i0, _i1, sorted = 0, log = !1) {
  let getEdgeIdxs = log ? positiveIdxs : nonNullIdxs, predicate = log ? isPositive : notNullish;
  [_i0, _i1] = getEdgeIdxs(data, _i0, _i1);
  let _min = data[_i0], _max = data[_i0];
  if (_i0 > -1)
    if (sorted == 1)
      _min = data[_i0], _max = data[_i1];
    else if (sorted == -1)
      _min = data[_i1], _max = data[_i0];
    else
      for (let i = _i0; i <= _i1; i++) {
        let v = data[i];
        predicate(v) && (v < _min ? _min = v : v > _max && (_max = v));
      }
  return [_min ?? inf, _max ?? -inf];
}
function rangeLog(min2, max2, base, fullMags) {
  let minSign = sign(min2), maxSign = sign(max2);
  min2 == max2 && (minSign == -1 ? (min2 *= base, max2 /= base) : (min2 /= base, max2 *= base));
  let logFn = base == 10 ? log10 : log2, growMinAbs = minSign == 1 ? floor : ceil, growMaxAbs = maxSign == 1 ? ceil : floor, minExp = growMinAbs(logFn(abs(min2))), maxExp = growMaxAbs(logFn(abs(max2))), minIncr = pow(base, minExp), maxIncr = pow(base, maxExp);
  return base == 10 && (minExp < 0 && (minIncr = roundDec(minIncr, -minExp)), maxExp < 0 && (maxIncr = roundDec(maxIncr, -maxExp))), fullMags || base == 2 ? (min2 = minIncr * minSign, max2 = maxIncr * maxSign) : (min2 = incrRoundDn(min2, minIncr), max2 = incrRoundUp(max2, maxIncr)), [min2, max2];
}
function rangeAsinh(min2, max2, base, fullMags) {
  let minMax = rangeLog(min2, max2, base, fullMags);
  return min2 == 0 && (minMax[0] = 0), max2 == 0 && (minMax[1] = 0), minMax;
}
var rangePad = 0.1, autoRangePart = {
  mode: 3,
  pad: rangePad
}, _eqRangePart = {
  pad: 0,
  soft: null,
  mode: 0
}, _eqRange = {
  min: _eqRangePart,
  max: _eqRangePart
};
function rangeNum(_min, _max, mult, extra) {
  return isObj(mult) ? _rangeNum(_min, _max, mult) : (_eqRangePart.pad = mult, _eqRangePart.soft = extra ? 0 : null, _eqRangePart.mode = extra ? 3 : 0, _rangeNum(_min, _max, _eqRange));
}
function ifNull(lh, rh) {
  return lh ?? rh;
}
function hasData(data, idx0, idx1) {
  for (idx0 = ifNull(idx0, 0), idx1 = ifNull(idx1, data.length - 1); idx0 <= idx1; ) {
    if (data[idx0] != null)
      return !0;
    idx0++;
  }
  return !1;
}
function _rangeNum(_min, _max, cfg) {
  let cmin = cfg.min, cmax = cfg.max, padMin = ifNull(cmin.pad, 0), padMax = ifNull(cmax.pad, 0), hardMin = ifNull(cmin.hard, -inf), hardMax = ifNull(cmax.hard, inf), softMin = ifNull(cmin.soft, inf), softMax = ifNull(cmax.soft, -inf), softMinMode = ifNull(cmin.mode, 0), softMaxMode = ifNull(cmax.mode, 0), delta = _max - _min, deltaMag = log10(delta), scalarMax = max(abs(_min), abs(_max)), scalarMag = log10(scalarMax), scalarMagDelta = abs(scalarMag - deltaMag);
  (delta < 1e-24 || scalarMagDelta > 10) && (delta = 0, (_min == 0 || _max == 0) && (delta = 1e-24, softMinMode == 2 && softMin != inf && (padMin = 0), softMaxMode == 2 && softMax != -inf && (padMax = 0)));
  let nonZeroDelta = delta || scalarMax || 1e3, mag = log10(nonZeroDelta), base = pow(10, floor(mag)), _padMin = nonZeroDelta * (delta == 0 ? _min == 0 ? 0.1 : 1 : padMin), _newMin = roundDec(incrRoundDn(_min - _padMin, base / 10), 24), _softMin = _min >= softMin && (softMinMode == 1 || softMinMode == 3 && _newMin <= softMin || softMinMode == 2 && _newMin >= softMin) ? softMin : inf, minLim = max(hardMin, _newMin < _softMin && _min >= _softMin ? _softMin : min(_softMin, _newMin)), _padMax = nonZeroDelta * (delta == 0 ? _max == 0 ? 0.1 : 1 : padMax), _newMax = roundDec(incrRoundUp(_max + _padMax, base / 10), 24), _softMax = _max <= softMax && (softMaxMode == 1 || softMaxMode == 3 && _newMax >= softMax || softMaxMode == 2 && _newMax <= softMax) ? softMax : -inf, maxLim = min(hardMax, _newMax > _softMax && _max <= _softMax ? _softMax : max(_softMax, _newMax));
  return minLim == maxLim && minLim == 0 && (maxLim = 100), [minLim, maxLim];
}
var numFormatter = new Intl.NumberFormat(domEnv ? nav.language : "en-US"), fmtNum = (val) => numFormatter.format(val), M = Math, PI = M.PI, abs = M.abs, floor = M.floor, round = M.round, ceil = M.ceil, min = M.min, max = M.max, pow = M.pow, sign = M.sign, log10 = M.log10, log2 = M.log2, sinh = (v, linthresh = 1) => M.sinh(v) * linthresh, asinh = (v, linthresh = 1) => M.asinh(v / linthresh), inf = 1 / 0;
function numIntDigits(x) {
  return (log10((x ^ x >> 31) - (x >> 31)) | 0) + 1;
}
function clamp(num, _min, _max) {
  return min(max(num, _min), _max);
}
function isFn(v) {
  return typeof v == "function";
}
function fnOrSelf(v) {
  return isFn(v) ? v : () => v;
}
var noop = () => {
}, retArg0 = (_0) => _0, retArg1 = (_0, _1) => _1, retNull = (_2) => null, retTrue = (_2) => !0, retEq = (a, b) => a == b, regex6 = /\.\d*?(?=9{6,}|0{6,})/gm, fixFloat = (val) => {
  if (isInt(val) || fixedDec.has(val))
    return val;
  let str = `${val}`, match = str.match(regex6);
  if (match == null)
    return val;
  let len = match[0].length - 1;
  if (str.indexOf("e-") != -1) {
    let [num, exp] = str.split("e");
    return +`${fixFloat(num)}e${exp}`;
  }
  return roundDec(val, len);
};
function incrRound(num, incr) {
  return fixFloat(roundDec(fixFloat(num / incr)) * incr);
}
function incrRoundUp(num, incr) {
  return fixFloat(ceil(fixFloat(num / incr)) * incr);
}
function incrRoundDn(num, incr) {
  return fixFloat(floor(fixFloat(num / incr)) * incr);
}
function roundDec(val, dec = 0) {
  if (isInt(val))
    return val;
  let p = 10 ** dec, n = val * p * (1 + Number.EPSILON);
  return round(n) / p;
}
var fixedDec = /* @__PURE__ */ new Map();
function guessDec(num) {
  return (("" + num).split(".")[1] || "").length;
}
function genIncrs(base, minExp, maxExp, mults) {
  let incrs = [], multDec = mults.map(guessDec);
  for (let exp = minExp; exp < maxExp; exp++) {
    let expa = abs(exp), mag = roundDec(pow(base, exp), expa);
    for (let i = 0; i < mults.length; i++) {
      let _incr = base == 10 ? +`${mults[i]}e${exp}` : mults[i] * mag, dec = (exp >= 0 ? 0 : expa) + (exp >= multDec[i] ? 0 : multDec[i]), incr = base == 10 ? _incr : roundDec(_incr, dec);
      incrs.push(incr), fixedDec.set(incr, dec);
    }
  }
  return incrs;
}
var EMPTY_OBJ = {}, EMPTY_ARR = [], nullNullTuple = [null, null], isArr = Array.isArray, isInt = Number.isInteger, isUndef = (v) => v === void 0;
function isStr(v) {
  return typeof v == "string";
}
function isObj(v) {
  let is = !1;
  if (v != null) {
    let c = v.constructor;
    is = c == null || c == Object;
  }
  return is;
}
function fastIsObj(v) {
  return v != null && typeof v == "object";
}
var TypedArray = Object.getPrototypeOf(Uint8Array), __proto__ = "__proto__";
function copy(o, _isObj = isObj) {
  let out;
  if (isArr(o)) {
    let val = o.find((v) => v != null);
    if (isArr(val) || _isObj(val)) {
      out = Array(o.length);
      for (let i = 0; i < o.length; i++)
        out[i] = copy(o[i], _isObj);
    } else
      out = o.slice();
  } else if (o instanceof TypedArray)
    out = o.slice();
  else if (_isObj(o)) {
    out = {};
    for (let k in o)
      k != __proto__ && (out[k] = copy(o[k], _isObj));
  } else
    out = o;
  return out;
}
function assign(targ) {
  let args = arguments;
  for (let i = 1; i < args.length; i++) {
    let src = args[i];
    for (let key in src)
      key != __proto__ && (isObj(targ[key]) ? assign(targ[key], copy(src[key])) : targ[key] = copy(src[key]));
  }
  return targ;
}
var NULL_REMOVE = 0, NULL_RETAIN = 1, NULL_EXPAND = 2;
function nullExpand(yVals, nullIdxs, alignedLen) {
  for (let i = 0, xi, lastNullIdx = -1; i < nullIdxs.length; i++) {
    let nullIdx = nullIdxs[i];
    if (nullIdx > lastNullIdx) {
      for (xi = nullIdx - 1; xi >= 0 && yVals[xi] == null; )
        yVals[xi--] = null;
      for (xi = nullIdx + 1; xi < alignedLen && yVals[xi] == null; )
        yVals[lastNullIdx = xi++] = null;
    }
  }
}
function join(tables, nullModes) {
  if (allHeadersSame(tables)) {
    let table = tables[0].slice();
    for (let i = 1; i < tables.length; i++)
      table.push(...tables[i].slice(1));
    return isAsc(table[0]) || (table = sortCols(table)), table;
  }
  let xVals = /* @__PURE__ */ new Set();
  for (let ti = 0; ti < tables.length; ti++) {
    let xs = tables[ti][0], len = xs.length;
    for (let i = 0; i < len; i++)
      xVals.add(xs[i]);
  }
  let data = [Array.from(xVals).sort((a, b) => a - b)], alignedLen = data[0].length, xIdxs = /* @__PURE__ */ new Map();
  for (let i = 0; i < alignedLen; i++)
    xIdxs.set(data[0][i], i);
  for (let ti = 0; ti < tables.length; ti++) {
    let t = tables[ti], xs = t[0];
    for (let si = 1; si < t.length; si++) {
      let ys = t[si], yVals = Array(alignedLen).fill(void 0), nullMode = nullModes ? nullModes[ti][si] : NULL_RETAIN, nullIdxs = [];
      for (let i = 0; i < ys.length; i++) {
        let yVal = ys[i], alignedIdx = xIdxs.get(xs[i]);
        yVal === null ? nullMode != NULL_REMOVE && (yVals[alignedIdx] = yVal, nullMode == NULL_EXPAND && nullIdxs.push(alignedIdx)) : yVals[alignedIdx] = yVal;
      }
      nullExpand(yVals, nullIdxs, alignedLen), data.push(yVals);
    }
  }
  return data;
}
var microTask = typeof queueMicrotask > "u" ? (fn) => Promise.resolve().then(fn) : queueMicrotask;
function sortCols(table) {
  let head = table[0], rlen = head.length, idxs = Array(rlen);
  for (let i = 0; i < idxs.length; i++)
    idxs[i] = i;
  idxs.sort((i0, i1) => head[i0] - head[i1]);
  let table2 = [];
  for (let i = 0; i < table.length; i++) {
    let row = table[i], row2 = Array(rlen);
    for (let j = 0; j < rlen; j++)
      row2[j] = row[idxs[j]];
    table2.push(row2);
  }
  return table2;
}
function allHeadersSame(tables) {
  let vals0 = tables[0][0], len0 = vals0.length;
  for (let i = 1; i < tables.length; i++) {
    let vals1 = tables[i][0];
    if (vals1.length != len0)
      return !1;
    if (vals1 != vals0) {
      for (let j = 0; j < len0; j++)
        if (vals1[j] != vals0[j])
          return !1;
    }
  }
  return !0;
}
function isAsc(vals, samples = 100) {
  let len = vals.length;
  if (len <= 1)
    return !0;
  let firstIdx = 0, lastIdx = len - 1;
  for (; firstIdx <= lastIdx && vals[firstIdx] == null; )
    firstIdx++;
  for (; lastIdx >= firstIdx && vals[lastIdx] == null; )
    lastIdx--;
  if (lastIdx <= firstIdx)
    return !0;
  let stride = max(1, floor((lastIdx - firstIdx + 1) / samples));
  for (let prevVal = vals[firstIdx], i = firstIdx + stride; i <= lastIdx; i += stride) {
    let v = vals[i];
    if (v != null) {
      if (v <= prevVal)
        return !1;
      prevVal = v;
    }
  }
  return !0;
}
var months = [
  "January",
  "February",
  "March",
  "April",
  "May",
  "June",
  "July",
  "August",
  "September",
  "October",
  "November",
  "December"
], days = [
  "Sunday",
  "Monday",
  "Tuesday",
  "Wednesday",
  "Thursday",
  "Friday",
  "Saturday"
];
function slice3(str) {
  return str.slice(0, 3);
}
var days3 = days.map(slice3), months3 = months.map(slice3), engNames = {
  MMMM: months,
  MMM: months3,
  WWWW: days,
  WWW: days3
};
function zeroPad2(int) {
  return (int < 10 ? "0" : "") + int;
}
function zeroPad3(int) {
  return (int < 10 ? "00" : int < 100 ? "0" : "") + int;
}
var subs = {
  // 2019
  YYYY: (d) => d.getFullYear(),
  // 19
  YY: (d) => (d.getFullYear() + "").slice(2),
  // July
  MMMM: (d, names) => names.MMMM[d.getMonth()],
  // Jul
  MMM: (d, names) => names.MMM[d.getMonth()],
  // 07
  MM: (d) => zeroPad2(d.getMonth() + 1),
  // 7
  M: (d) => d.getMonth() + 1,
  // 09
  DD: (d) => zeroPad2(d.getDate()),
  // 9
  D: (d) => d.getDate(),
  // Monday
  WWWW: (d, names) => names.WWWW[d.getDay()],
  // Mon
  WWW: (d, names) => names.WWW[d.getDay()],
  // 03
  HH: (d) => zeroPad2(d.getHours()),
  // 3
  H: (d) => d.getHours(),
  // 9 (12hr, unpadded)
  h: (d) => {
    let h = d.getHours();
    return h == 0 ? 12 : h > 12 ? h - 12 : h;
  },
  // AM
  AA: (d) => d.getHours() >= 12 ? "PM" : "AM",
  // am
  aa: (d) => d.getHours() >= 12 ? "pm" : "am",
  // a
  a: (d) => d.getHours() >= 12 ? "p" : "a",
  // 09
  mm: (d) => zeroPad2(d.getMinutes()),
  // 9
  m: (d) => d.getMinutes(),
  // 09
  ss: (d) => zeroPad2(d.getSeconds()),
  // 9
  s: (d) => d.getSeconds(),
  // 374
  fff: (d) => zeroPad3(d.getMilliseconds())
};
function fmtDate(tpl, names) {
  names = names || engNames;
  let parts = [], R = /\{([a-z]+)\}|[^{]+/gi, m;
  for (; m = R.exec(tpl); )
    parts.push(m[0][0] == "{" ? subs[m[1]] : m[0]);
  return (d) => {
    let out = "";
    for (let i = 0; i < parts.length; i++)
      out += typeof parts[i] == "string" ? parts[i] : parts[i](d, names);
    return out;
  };
}
var localTz = new Intl.DateTimeFormat().resolvedOptions().timeZone;
function tzDate(date, tz) {
  let date2;
  return tz == "UTC" || tz == "Etc/UTC" ? date2 = new Date(+date + date.getTimezoneOffset() * 6e4) : tz == localTz ? date2 = date : (date2 = new Date(date.toLocaleString("en-US", { timeZone: tz })), date2.setMilliseconds(date.getMilliseconds())), date2;
}
var onlyWhole = (v) => v % 1 == 0, allMults = [1, 2, 2.5, 5], decIncrs = genIncrs(10, -32, 0, allMults), oneIncrs = genIncrs(10, 0, 32, allMults), wholeIncrs = oneIncrs.filter(onlyWhole), numIncrs = decIncrs.concat(oneIncrs), NL = `
`, yyyy = "{YYYY}", NLyyyy = NL + yyyy, md = "{M}/{D}", NLmd = NL + md, NLmdyy = NLmd + "/{YY}", aa = "{aa}", hmm = "{h}:{mm}", hmmaa = hmm + aa, NLhmmaa = NL + hmmaa, ss = ":{ss}", _ = null;
function genTimeStuffs(ms) {
  let s = ms * 1e3, m = s * 60, h = m * 60, d = h * 24, mo = d * 30, y = d * 365, timeIncrs = (ms == 1 ? genIncrs(10, 0, 3, allMults).filter(onlyWhole) : genIncrs(10, -3, 0, allMults)).concat([
    // minute divisors (# of secs)
    s,
    s * 5,
    s * 10,
    s * 15,
    s * 30,
    // hour divisors (# of mins)
    m,
    m * 5,
    m * 10,
    m * 15,
    m * 30,
    // day divisors (# of hrs)
    h,
    h * 2,
    h * 3,
    h * 4,
    h * 6,
    h * 8,
    h * 12,
    // month divisors TODO: need more?
    d,
    d * 2,
    d * 3,
    d * 4,
    d * 5,
    d * 6,
    d * 7,
    d * 8,
    d * 9,
    d * 10,
    d * 15,
    // year divisors (# months, approx)
    mo,
    mo * 2,
    mo * 3,
    mo * 4,
    mo * 6,
    // century divisors
    y,
    y * 2,
    y * 5,
    y * 10,
    y * 25,
    y * 50,
    y * 100
  ]), _timeAxisStamps = [
    //   tick incr    default          year                    month   day                   hour    min       sec   mode
    [y, yyyy, _, _, _, _, _, _, 1],
    [d * 28, "{MMM}", NLyyyy, _, _, _, _, _, 1],
    [d, md, NLyyyy, _, _, _, _, _, 1],
    [h, "{h}" + aa, NLmdyy, _, NLmd, _, _, _, 1],
    [m, hmmaa, NLmdyy, _, NLmd, _, _, _, 1],
    [s, ss, NLmdyy + " " + hmmaa, _, NLmd + " " + hmmaa, _, NLhmmaa, _, 1],
    [ms, ss + ".{fff}", NLmdyy + " " + hmmaa, _, NLmd + " " + hmmaa, _, NLhmmaa, _, 1]
  ];
  function timeAxisSplits(tzDate2) {
    return (self, axisIdx, scaleMin, scaleMax, foundIncr, foundSpace) => {
      let splits = [], isYr = foundIncr >= y, isMo = foundIncr >= mo && foundIncr < y, minDate = tzDate2(scaleMin), minDateTs = roundDec(minDate * ms, 3), minMin = mkDate(minDate.getFullYear(), isYr ? 0 : minDate.getMonth(), isMo || isYr ? 1 : minDate.getDate()), minMinTs = roundDec(minMin * ms, 3);
      if (isMo || isYr) {
        let moIncr = isMo ? foundIncr / mo : 0, yrIncr = isYr ? foundIncr / y : 0, split = minDateTs == minMinTs ? minDateTs : roundDec(mkDate(minMin.getFullYear() + yrIncr, minMin.getMonth() + moIncr, 1) * ms, 3), splitDate = new Date(round(split / ms)), baseYear = splitDate.getFullYear(), baseMonth = splitDate.getMonth();
        for (let i = 0; split <= scaleMax; i++) {
          let next = mkDate(baseYear + yrIncr * i, baseMonth + moIncr * i, 1), offs = next - tzDate2(roundDec(next * ms, 3));
          split = roundDec((+next + offs) * ms, 3), split <= scaleMax && splits.push(split);
        }
      } else {
        let incr0 = foundIncr >= d ? d : foundIncr, tzOffset = floor(scaleMin) - floor(minDateTs), split = minMinTs + tzOffset + incrRoundUp(minDateTs - minMinTs, incr0);
        splits.push(split);
        let date0 = tzDate2(split), prevHour = date0.getHours() + date0.getMinutes() / m + date0.getSeconds() / h, incrHours = foundIncr / h, minSpace = self.axes[axisIdx]._space, pctSpace = foundSpace / minSpace;
        for (; split = roundDec(split + foundIncr, ms == 1 ? 0 : 3), !(split > scaleMax); )
          if (incrHours > 1) {
            let expectedHour = floor(roundDec(prevHour + incrHours, 6)) % 24, dstShift = tzDate2(split).getHours() - expectedHour;
            dstShift > 1 && (dstShift = -1), split -= dstShift * h, prevHour = (prevHour + incrHours) % 24;
            let prevSplit = splits[splits.length - 1];
            roundDec((split - prevSplit) / foundIncr, 3) * pctSpace >= 0.7 && splits.push(split);
          } else
            splits.push(split);
      }
      return splits;
    };
  }
  return [
    timeIncrs,
    _timeAxisStamps,
    timeAxisSplits
  ];
}
var [timeIncrsMs, _timeAxisStampsMs, timeAxisSplitsMs] = genTimeStuffs(1), [timeIncrsS, _timeAxisStampsS, timeAxisSplitsS] = genTimeStuffs(1e-3);
genIncrs(2, -53, 53, [1]);
function timeAxisStamps(stampCfg, fmtDate2) {
  return stampCfg.map((s) => s.map(
    (v, i) => i == 0 || i == 8 || v == null ? v : fmtDate2(i == 1 || s[8] == 0 ? v : s[1] + v)
  ));
}
function timeAxisVals(tzDate2, stamps) {
  return (self, splits, axisIdx, foundSpace, foundIncr) => {
    let s = stamps.find((s2) => foundIncr >= s2[0]) || stamps[stamps.length - 1], prevYear, prevMnth, prevDate, prevHour, prevMins, prevSecs;
    return splits.map((split) => {
      let date = tzDate2(split), newYear = date.getFullYear(), newMnth = date.getMonth(), newDate = date.getDate(), newHour = date.getHours(), newMins = date.getMinutes(), newSecs = date.getSeconds(), stamp = newYear != prevYear && s[2] || newMnth != prevMnth && s[3] || newDate != prevDate && s[4] || newHour != prevHour && s[5] || newMins != prevMins && s[6] || newSecs != prevSecs && s[7] || s[1];
      return prevYear = newYear, prevMnth = newMnth, prevDate = newDate, prevHour = newHour, prevMins = newMins, prevSecs = newSecs, stamp(date);
    });
  };
}
function timeAxisVal(tzDate2, dateTpl) {
  let stamp = fmtDate(dateTpl);
  return (self, splits, axisIdx, foundSpace, foundIncr) => splits.map((split) => stamp(tzDate2(split)));
}
function mkDate(y, m, d) {
  return new Date(y, m, d);
}
function timeSeriesStamp(stampCfg, fmtDate2) {
  return fmtDate2(stampCfg);
}
var _timeSeriesStamp = "{YYYY}-{MM}-{DD} {h}:{mm}{aa}";
function timeSeriesVal(tzDate2, stamp) {
  return (self, val, seriesIdx, dataIdx) => dataIdx == null ? LEGEND_DISP : stamp(tzDate2(val));
}
function legendStroke(self, seriesIdx) {
  let s = self.series[seriesIdx];
  return s.width ? s.stroke(self, seriesIdx) : s.points.width ? s.points.stroke(self, seriesIdx) : null;
}
function legendFill(self, seriesIdx) {
  return self.series[seriesIdx].fill(self, seriesIdx);
}
var legendOpts = {
  show: !0,
  live: !0,
  isolate: !1,
  mount: noop,
  markers: {
    show: !0,
    width: 2,
    stroke: legendStroke,
    fill: legendFill,
    dash: "solid"
  },
  idx: null,
  idxs: null,
  values: []
};
function cursorPointShow(self, si) {
  let o = self.cursor.points, pt = placeDiv(), size = o.size(self, si);
  setStylePx(pt, WIDTH, size), setStylePx(pt, HEIGHT, size);
  let mar = size / -2;
  setStylePx(pt, "marginLeft", mar), setStylePx(pt, "marginTop", mar);
  let width = o.width(self, si, size);
  return width && setStylePx(pt, "borderWidth", width), pt;
}
function cursorPointFill(self, si) {
  let sp = self.series[si].points;
  return sp._fill || sp._stroke;
}
function cursorPointStroke(self, si) {
  let sp = self.series[si].points;
  return sp._stroke || sp._fill;
}
function cursorPointSize(self, si) {
  return self.series[si].points.size;
}
var moveTuple = [0, 0];
function cursorMove(self, mouseLeft1, mouseTop1) {
  return moveTuple[0] = mouseLeft1, moveTuple[1] = mouseTop1, moveTuple;
}
function filtBtn0(self, targ, handle, onlyTarg = !0) {
  return (e) => {
    e.button == 0 && (!onlyTarg || e.target == targ) && handle(e);
  };
}
function filtTarg(self, targ, handle, onlyTarg = !0) {
  return (e) => {
    (!onlyTarg || e.target == targ) && handle(e);
  };
}
var cursorOpts = {
  show: !0,
  x: !0,
  y: !0,
  lock: !1,
  move: cursorMove,
  points: {
    one: !1,
    show: cursorPointShow,
    size: cursorPointSize,
    width: 0,
    stroke: cursorPointStroke,
    fill: cursorPointFill
  },
  bind: {
    mousedown: filtBtn0,
    mouseup: filtBtn0,
    click: filtBtn0,
    // legend clicks, not .u-over clicks
    dblclick: filtBtn0,
    mousemove: filtTarg,
    mouseleave: filtTarg,
    mouseenter: filtTarg
  },
  drag: {
    setScale: !0,
    x: !0,
    y: !1,
    dist: 0,
    uni: null,
    click: (self, e) => {
      e.stopPropagation(), e.stopImmediatePropagation();
    },
    _x: !1,
    _y: !1
  },
  focus: {
    dist: (self, seriesIdx, dataIdx, valPos, curPos) => valPos - curPos,
    prox: -1,
    bias: 0
  },
  hover: {
    skip: [void 0],
    prox: null,
    bias: 0
  },
  left: -10,
  top: -10,
  idx: null,
  dataIdx: null,
  idxs: null,
  event: null
}, axisLines = {
  show: !0,
  stroke: "rgba(0,0,0,0.07)",
  width: 2
  //	dash: [],
}, grid = assign({}, axisLines, {
  filter: retArg1
}), ticks = assign({}, grid, {
  size: 10
}), border = assign({}, axisLines, {
  show: !1
}), font = '12px system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, "Noto Sans", sans-serif, "Apple Color Emoji", "Segoe UI Emoji", "Segoe UI Symbol", "Noto Color Emoji"', labelFont = "bold " + font, lineGap = 1.5, xAxisOpts = {
  show: !0,
  scale: "x",
  stroke: hexBlack,
  space: 50,
  gap: 5,
  alignTo: 1,
  size: 50,
  labelGap: 0,
  labelSize: 30,
  labelFont,
  side: 2,
  //	class: "x-vals",
  //	incrs: timeIncrs,
  //	values: timeVals,
  //	filter: retArg1,
  grid,
  ticks,
  border,
  font,
  lineGap,
  rotate: 0
}, numSeriesLabel = "Value", timeSeriesLabel = "Time", xSeriesOpts = {
  show: !0,
  scale: "x",
  auto: !1,
  sorted: 1,
  //	label: "Time",
  //	value: v => stamp(new Date(v * 1e3)),
  // internal caches
  min: inf,
  max: -inf,
  idxs: []
};
function numAxisVals(self, splits, axisIdx, foundSpace, foundIncr) {
  return splits.map((v) => v == null ? "" : fmtNum(v));
}
function numAxisSplits(self, axisIdx, scaleMin, scaleMax, foundIncr, foundSpace, forceMin) {
  let splits = [], numDec = fixedDec.get(foundIncr) || 0;
  scaleMin = forceMin ? scaleMin : roundDec(incrRoundUp(scaleMin, foundIncr), numDec);
  for (let val = scaleMin; val <= scaleMax; val = roundDec(val + foundIncr, numDec))
    splits.push(Object.is(val, -0) ? 0 : val);
  return splits;
}
function logAxisSplits(self, axisIdx, scaleMin, scaleMax, foundIncr, foundSpace, forceMin) {
  let splits = [], logBase = self.scales[self.axes[axisIdx].scale].log, logFn = logBase == 10 ? log10 : log2, exp = floor(logFn(scaleMin));
  foundIncr = pow(logBase, exp), logBase == 10 && (foundIncr = numIncrs[closestIdx(foundIncr, numIncrs)]);
  let split = scaleMin, nextMagIncr = foundIncr * logBase;
  logBase == 10 && (nextMagIncr = numIncrs[closestIdx(nextMagIncr, numIncrs)]);
  do
    splits.push(split), split = split + foundIncr, logBase == 10 && !fixedDec.has(split) && (split = roundDec(split, fixedDec.get(foundIncr))), split >= nextMagIncr && (foundIncr = split, nextMagIncr = foundIncr * logBase, logBase == 10 && (nextMagIncr = numIncrs[closestIdx(nextMagIncr, numIncrs)]));
  while (split <= scaleMax);
  return splits;
}
function asinhAxisSplits(self, axisIdx, scaleMin, scaleMax, foundIncr, foundSpace, forceMin) {
  let linthresh = self.scales[self.axes[axisIdx].scale].asinh, posSplits = scaleMax > linthresh ? logAxisSplits(self, axisIdx, max(linthresh, scaleMin), scaleMax, foundIncr) : [linthresh], zero = scaleMax >= 0 && scaleMin <= 0 ? [0] : [];
  return (scaleMin < -linthresh ? logAxisSplits(self, axisIdx, max(linthresh, -scaleMax), -scaleMin, foundIncr) : [linthresh]).reverse().map((v) => -v).concat(zero, posSplits);
}
var RE_ALL = /./, RE_12357 = /[12357]/, RE_125 = /[125]/, RE_1 = /1/, _filt = (splits, distr, re, keepMod) => splits.map((v, i) => distr == 4 && v == 0 || i % keepMod == 0 && re.test(v.toExponential()[v < 0 ? 1 : 0]) ? v : null);
function log10AxisValsFilt(self, splits, axisIdx, foundSpace, foundIncr) {
  let axis = self.axes[axisIdx], scaleKey = axis.scale, sc = self.scales[scaleKey], valToPos = self.valToPos, minSpace = axis._space, _10 = valToPos(10, scaleKey), re = valToPos(9, scaleKey) - _10 >= minSpace ? RE_ALL : valToPos(7, scaleKey) - _10 >= minSpace ? RE_12357 : valToPos(5, scaleKey) - _10 >= minSpace ? RE_125 : RE_1;
  if (re == RE_1) {
    let magSpace = abs(valToPos(1, scaleKey) - _10);
    if (magSpace < minSpace)
      return _filt(splits.slice().reverse(), sc.distr, re, ceil(minSpace / magSpace)).reverse();
  }
  return _filt(splits, sc.distr, re, 1);
}
function log2AxisValsFilt(self, splits, axisIdx, foundSpace, foundIncr) {
  let axis = self.axes[axisIdx], scaleKey = axis.scale, minSpace = axis._space, valToPos = self.valToPos, magSpace = abs(valToPos(1, scaleKey) - valToPos(2, scaleKey));
  return magSpace < minSpace ? _filt(splits.slice().reverse(), 3, RE_ALL, ceil(minSpace / magSpace)).reverse() : splits;
}
function numSeriesVal(self, val, seriesIdx, dataIdx) {
  return dataIdx == null ? LEGEND_DISP : val == null ? "" : fmtNum(val);
}
var yAxisOpts = {
  show: !0,
  scale: "y",
  stroke: hexBlack,
  space: 30,
  gap: 5,
  alignTo: 1,
  size: 50,
  labelGap: 0,
  labelSize: 30,
  labelFont,
  side: 3,
  //	class: "y-vals",
  //	incrs: numIncrs,
  //	values: (vals, space) => vals,
  //	filter: retArg1,
  grid,
  ticks,
  border,
  font,
  lineGap,
  rotate: 0
};
function ptDia(width, mult) {
  let dia = 3 + (width || 1) * 2;
  return roundDec(dia * mult, 3);
}
function seriesPointsShow(self, si) {
  let { scale, idxs } = self.series[0], xData = self._data[0], p0 = self.valToPos(xData[idxs[0]], scale, !0), p1 = self.valToPos(xData[idxs[1]], scale, !0), dim = abs(p1 - p0), s = self.series[si], maxPts = dim / (s.points.space * pxRatio);
  return idxs[1] - idxs[0] <= maxPts;
}
var facet = {
  scale: null,
  auto: !0,
  sorted: 0,
  // internal caches
  min: inf,
  max: -inf
}, gaps = (self, seriesIdx, idx0, idx1, nullGaps) => nullGaps, xySeriesOpts = {
  show: !0,
  auto: !0,
  sorted: 0,
  gaps,
  alpha: 1,
  facets: [
    assign({}, facet, { scale: "x" }),
    assign({}, facet, { scale: "y" })
  ]
}, ySeriesOpts = {
  scale: "y",
  auto: !0,
  sorted: 0,
  show: !0,
  spanGaps: !1,
  gaps,
  alpha: 1,
  points: {
    show: seriesPointsShow,
    filter: null
    //  paths:
    //	stroke: "#000",
    //	fill: "#fff",
    //	width: 1,
    //	size: 10,
  },
  //	label: "Value",
  //	value: v => v,
  values: null,
  // internal caches
  min: inf,
  max: -inf,
  idxs: [],
  path: null,
  clip: null
};
function clampScale(self, val, scaleMin, scaleMax, scaleKey) {
  return scaleMin / 10;
}
var xScaleOpts = {
  time: !0,
  auto: !0,
  distr: 1,
  log: 10,
  asinh: 1,
  min: null,
  max: null,
  dir: 1,
  ori: 0
}, yScaleOpts = assign({}, xScaleOpts, {
  time: !1,
  ori: 1
}), syncs = {};
function _sync(key, opts) {
  let s = syncs[key];
  return s || (s = {
    key,
    plots: [],
    sub(plot) {
      s.plots.push(plot);
    },
    unsub(plot) {
      s.plots = s.plots.filter((c) => c != plot);
    },
    pub(type, self, x, y, w, h, i) {
      for (let j = 0; j < s.plots.length; j++)
        s.plots[j] != self && s.plots[j].pub(type, self, x, y, w, h, i);
    }
  }, key != null && (syncs[key] = s)), s;
}
var BAND_CLIP_FILL = 1, BAND_CLIP_STROKE = 2;
function orient(u, seriesIdx, cb) {
  let mode = u.mode, series = u.series[seriesIdx], data = mode == 2 ? u._data[seriesIdx] : u._data, scales = u.scales, bbox = u.bbox, dx = data[0], dy = mode == 2 ? data[1] : data[seriesIdx], sx = mode == 2 ? scales[series.facets[0].scale] : scales[u.series[0].scale], sy = mode == 2 ? scales[series.facets[1].scale] : scales[series.scale], l = bbox.left, t = bbox.top, w = bbox.width, h = bbox.height, H = u.valToPosH, V = u.valToPosV;
  return sx.ori == 0 ? cb(
    series,
    dx,
    dy,
    sx,
    sy,
    H,
    V,
    l,
    t,
    w,
    h,
    moveToH,
    lineToH,
    rectH,
    arcH,
    bezierCurveToH
  ) : cb(
    series,
    dx,
    dy,
    sx,
    sy,
    V,
    H,
    t,
    l,
    h,
    w,
    moveToV,
    lineToV,
    rectV,
    arcV,
    bezierCurveToV
  );
}
function bandFillClipDirs(self, seriesIdx) {
  let fillDir = 0, clipDirs = 0, bands = ifNull(self.bands, EMPTY_ARR);
  for (let i = 0; i < bands.length; i++) {
    let b = bands[i];
    b.series[0] == seriesIdx ? fillDir = b.dir : b.series[1] == seriesIdx && (b.dir == 1 ? clipDirs |= 1 : clipDirs |= 2);
  }
  return [
    fillDir,
    clipDirs == 1 ? -1 : (
      // neg only
      clipDirs == 2 ? 1 : (
        // pos only
        clipDirs == 3 ? 2 : (
          // both
          0
        )
      )
    )
  ];
}
function seriesFillTo(self, seriesIdx, dataMin, dataMax, bandFillDir) {
  let mode = self.mode, series = self.series[seriesIdx], scaleKey = mode == 2 ? series.facets[1].scale : series.scale, scale = self.scales[scaleKey];
  return bandFillDir == -1 ? scale.min : bandFillDir == 1 ? scale.max : scale.distr == 3 ? scale.dir == 1 ? scale.min : scale.max : 0;
}
function clipBandLine(self, seriesIdx, idx0, idx1, strokePath, clipDir) {
  return orient(self, seriesIdx, (series, dataX, dataY, scaleX, scaleY, valToPosX, valToPosY, xOff, yOff, xDim, yDim) => {
    let pxRound = series.pxRound, dir = scaleX.dir * (scaleX.ori == 0 ? 1 : -1), lineTo = scaleX.ori == 0 ? lineToH : lineToV, frIdx, toIdx;
    dir == 1 ? (frIdx = idx0, toIdx = idx1) : (frIdx = idx1, toIdx = idx0);
    let x0 = pxRound(valToPosX(dataX[frIdx], scaleX, xDim, xOff)), y0 = pxRound(valToPosY(dataY[frIdx], scaleY, yDim, yOff)), x1 = pxRound(valToPosX(dataX[toIdx], scaleX, xDim, xOff)), yLimit = pxRound(valToPosY(clipDir == 1 ? scaleY.max : scaleY.min, scaleY, yDim, yOff)), clip = new Path2D(strokePath);
    return lineTo(clip, x1, yLimit), lineTo(clip, x0, yLimit), lineTo(clip, x0, y0), clip;
  });
}
function clipGaps(gaps2, ori, plotLft, plotTop, plotWid, plotHgt) {
  let clip = null;
  if (gaps2.length > 0) {
    clip = new Path2D();
    let rect2 = ori == 0 ? rectH : rectV, prevGapEnd = plotLft;
    for (let i = 0; i < gaps2.length; i++) {
      let g = gaps2[i];
      if (g[1] > g[0]) {
        let w2 = g[0] - prevGapEnd;
        w2 > 0 && rect2(clip, prevGapEnd, plotTop, w2, plotTop + plotHgt), prevGapEnd = g[1];
      }
    }
    let w = plotLft + plotWid - prevGapEnd, maxStrokeWidth = 10;
    w > 0 && rect2(clip, prevGapEnd, plotTop - maxStrokeWidth / 2, w, plotTop + plotHgt + maxStrokeWidth);
  }
  return clip;
}
function addGap(gaps2, fromX, toX) {
  let prevGap = gaps2[gaps2.length - 1];
  prevGap && prevGap[0] == fromX ? prevGap[1] = toX : gaps2.push([fromX, toX]);
}
function findGaps(xs, ys, idx0, idx1, dir, pixelForX, align) {
  let gaps2 = [], len = xs.length;
  for (let i = dir == 1 ? idx0 : idx1; i >= idx0 && i <= idx1; i += dir)
    if (ys[i] === null) {
      let fr = i, to = i;
      if (dir == 1)
        for (; ++i <= idx1 && ys[i] === null; )
          to = i;
      else
        for (; --i >= idx0 && ys[i] === null; )
          to = i;
      let frPx = pixelForX(xs[fr]), toPx = to == fr ? frPx : pixelForX(xs[to]), fri2 = fr - dir;
      frPx = align <= 0 && fri2 >= 0 && fri2 < len ? pixelForX(xs[fri2]) : frPx;
      let toi2 = to + dir;
      toPx = align >= 0 && toi2 >= 0 && toi2 < len ? pixelForX(xs[toi2]) : toPx, toPx >= frPx && gaps2.push([frPx, toPx]);
    }
  return gaps2;
}
function pxRoundGen(pxAlign) {
  return pxAlign == 0 ? retArg0 : pxAlign == 1 ? round : (v) => incrRound(v, pxAlign);
}
function rect(ori) {
  let moveTo = ori == 0 ? moveToH : moveToV, arcTo = ori == 0 ? (p, x1, y1, x2, y2, r) => {
    p.arcTo(x1, y1, x2, y2, r);
  } : (p, y1, x1, y2, x2, r) => {
    p.arcTo(x1, y1, x2, y2, r);
  }, rect2 = ori == 0 ? (p, x, y, w, h) => {
    p.rect(x, y, w, h);
  } : (p, y, x, h, w) => {
    p.rect(x, y, w, h);
  };
  return (p, x, y, w, h, endRad = 0, baseRad = 0) => {
    endRad == 0 && baseRad == 0 ? rect2(p, x, y, w, h) : (endRad = min(endRad, w / 2, h / 2), baseRad = min(baseRad, w / 2, h / 2), moveTo(p, x + endRad, y), arcTo(p, x + w, y, x + w, y + h, endRad), arcTo(p, x + w, y + h, x, y + h, baseRad), arcTo(p, x, y + h, x, y, baseRad), arcTo(p, x, y, x + w, y, endRad), p.closePath());
  };
}
var moveToH = (p, x, y) => {
  p.moveTo(x, y);
}, moveToV = (p, y, x) => {
  p.moveTo(x, y);
}, lineToH = (p, x, y) => {
  p.lineTo(x, y);
}, lineToV = (p, y, x) => {
  p.lineTo(x, y);
}, rectH = rect(0), rectV = rect(1), arcH = (p, x, y, r, startAngle, endAngle) => {
  p.arc(x, y, r, startAngle, endAngle);
}, arcV = (p, y, x, r, startAngle, endAngle) => {
  p.arc(x, y, r, startAngle, endAngle);
}, bezierCurveToH = (p, bp1x, bp1y, bp2x, bp2y, p2x, p2y) => {
  p.bezierCurveTo(bp1x, bp1y, bp2x, bp2y, p2x, p2y);
}, bezierCurveToV = (p, bp1y, bp1x, bp2y, bp2x, p2y, p2x) => {
  p.bezierCurveTo(bp1x, bp1y, bp2x, bp2y, p2x, p2y);
};
function points(opts) {
  return (u, seriesIdx, idx0, idx1, filtIdxs) => orient(u, seriesIdx, (series, dataX, dataY, scaleX, scaleY, valToPosX, valToPosY, xOff, yOff, xDim, yDim) => {
    let { pxRound, points: points2 } = series, moveTo, arc;
    scaleX.ori == 0 ? (moveTo = moveToH, arc = arcH) : (moveTo = moveToV, arc = arcV);
    let width = roundDec(points2.width * pxRatio, 3), rad = (points2.size - points2.width) / 2 * pxRatio, dia = roundDec(rad * 2, 3), fill = new Path2D(), clip = new Path2D(), { left: lft, top, width: wid, height: hgt } = u.bbox;
    rectH(
      clip,
      lft - dia,
      top - dia,
      wid + dia * 2,
      hgt + dia * 2
    );
    let drawPoint = (pi) => {
      if (dataY[pi] != null) {
        let x = pxRound(valToPosX(dataX[pi], scaleX, xDim, xOff)), y = pxRound(valToPosY(dataY[pi], scaleY, yDim, yOff));
        moveTo(fill, x + rad, y), arc(fill, x, y, rad, 0, PI * 2);
      }
    };
    if (filtIdxs)
      filtIdxs.forEach(drawPoint);
    else
      for (let pi = idx0; pi <= idx1; pi++)
        drawPoint(pi);
    return {
      stroke: width > 0 ? fill : null,
      fill,
      clip,
      flags: BAND_CLIP_FILL | BAND_CLIP_STROKE
    };
  });
}
function _drawAcc(lineTo) {
  return (stroke, accX, minY, maxY, inY, outY) => {
    minY != maxY && (inY != minY && outY != minY && lineTo(stroke, accX, minY), inY != maxY && outY != maxY && lineTo(stroke, accX, maxY), lineTo(stroke, accX, outY));
  };
}
var drawAccH = _drawAcc(lineToH), drawAccV = _drawAcc(lineToV);
function linear(opts) {
  let alignGaps = ifNull(opts?.alignGaps, 0);
  return (u, seriesIdx, idx0, idx1) => orient(u, seriesIdx, (series, dataX, dataY, scaleX, scaleY, valToPosX, valToPosY, xOff, yOff, xDim, yDim) => {
    [idx0, idx1] = nonNullIdxs(dataY, idx0, idx1);
    let pxRound = series.pxRound, pixelForX = (val) => pxRound(valToPosX(val, scaleX, xDim, xOff)), pixelForY = (val) => pxRound(valToPosY(val, scaleY, yDim, yOff)), lineTo, drawAcc;
    scaleX.ori == 0 ? (lineTo = lineToH, drawAcc = drawAccH) : (lineTo = lineToV, drawAcc = drawAccV);
    let dir = scaleX.dir * (scaleX.ori == 0 ? 1 : -1), _paths = { stroke: new Path2D(), fill: null, clip: null, band: null, gaps: null, flags: BAND_CLIP_FILL }, stroke = _paths.stroke, hasGap = !1;
    if (idx1 - idx0 >= xDim * 4) {
      let xForPixel = (pos) => u.posToVal(pos, scaleX.key, !0), minY = null, maxY = null, inY, outY, drawnAtX, accX = pixelForX(dataX[dir == 1 ? idx0 : idx1]), idx0px = pixelForX(dataX[idx0]), idx1px = pixelForX(dataX[idx1]), nextAccXVal = xForPixel(dir == 1 ? idx0px + 1 : idx1px - 1);
      for (let i = dir == 1 ? idx0 : idx1; i >= idx0 && i <= idx1; i += dir) {
        let xVal = dataX[i], x = (dir == 1 ? xVal < nextAccXVal : xVal > nextAccXVal) ? accX : pixelForX(xVal), yVal = dataY[i];
        x == accX ? yVal != null ? (outY = yVal, minY == null ? (lineTo(stroke, x, pixelForY(outY)), inY = minY = maxY = outY) : outY < minY ? minY = outY : outY > maxY && (maxY = outY)) : yVal === null && (hasGap = !0) : (minY != null && drawAcc(stroke, accX, pixelForY(minY), pixelForY(maxY), pixelForY(inY), pixelForY(outY)), yVal != null ? (outY = yVal, lineTo(stroke, x, pixelForY(outY)), minY = maxY = inY = outY) : (minY = maxY = null, yVal === null && (hasGap = !0)), accX = x, nextAccXVal = xForPixel(accX + dir));
      }
      minY != null && minY != maxY && drawnAtX != accX && drawAcc(stroke, accX, pixelForY(minY), pixelForY(maxY), pixelForY(inY), pixelForY(outY));
    } else
      for (let i = dir == 1 ? idx0 : idx1; i >= idx0 && i <= idx1; i += dir) {
        let yVal = dataY[i];
        yVal === null ? hasGap = !0 : yVal != null && lineTo(stroke, pixelForX(dataX[i]), pixelForY(yVal));
      }
    let [bandFillDir, bandClipDir] = bandFillClipDirs(u, seriesIdx);
    if (series.fill != null || bandFillDir != 0) {
      let fill = _paths.fill = new Path2D(stroke), fillToVal = series.fillTo(u, seriesIdx, series.min, series.max, bandFillDir), fillToY = pixelForY(fillToVal), frX = pixelForX(dataX[idx0]), toX = pixelForX(dataX[idx1]);
      dir == -1 && ([toX, frX] = [frX, toX]), lineTo(fill, toX, fillToY), lineTo(fill, frX, fillToY);
    }
    if (!series.spanGaps) {
      let gaps2 = [];
      hasGap && gaps2.push(...findGaps(dataX, dataY, idx0, idx1, dir, pixelForX, alignGaps)), _paths.gaps = gaps2 = series.gaps(u, seriesIdx, idx0, idx1, gaps2), _paths.clip = clipGaps(gaps2, scaleX.ori, xOff, yOff, xDim, yDim);
    }
    return bandClipDir != 0 && (_paths.band = bandClipDir == 2 ? [
      clipBandLine(u, seriesIdx, idx0, idx1, stroke, -1),
      clipBandLine(u, seriesIdx, idx0, idx1, stroke, 1)
    ] : clipBandLine(u, seriesIdx, idx0, idx1, stroke, bandClipDir)), _paths;
  });
}
function stepped(opts) {
  let align = ifNull(opts.align, 1), ascDesc = ifNull(opts.ascDesc, !1), alignGaps = ifNull(opts.alignGaps, 0), extend = ifNull(opts.extend, !1);
  return (u, seriesIdx, idx0, idx1) => orient(u, seriesIdx, (series, dataX, dataY, scaleX, scaleY, valToPosX, valToPosY, xOff, yOff, xDim, yDim) => {
    [idx0, idx1] = nonNullIdxs(dataY, idx0, idx1);
    let pxRound = series.pxRound, { left, width } = u.bbox, pixelForX = (val) => pxRound(valToPosX(val, scaleX, xDim, xOff)), pixelForY = (val) => pxRound(valToPosY(val, scaleY, yDim, yOff)), lineTo = scaleX.ori == 0 ? lineToH : lineToV, _paths = { stroke: new Path2D(), fill: null, clip: null, band: null, gaps: null, flags: BAND_CLIP_FILL }, stroke = _paths.stroke, dir = scaleX.dir * (scaleX.ori == 0 ? 1 : -1), prevYPos = pixelForY(dataY[dir == 1 ? idx0 : idx1]), firstXPos = pixelForX(dataX[dir == 1 ? idx0 : idx1]), prevXPos = firstXPos, firstXPosExt = firstXPos;
    extend && align == -1 && (firstXPosExt = left, lineTo(stroke, firstXPosExt, prevYPos)), lineTo(stroke, firstXPos, prevYPos);
    for (let i = dir == 1 ? idx0 : idx1; i >= idx0 && i <= idx1; i += dir) {
      let yVal1 = dataY[i];
      if (yVal1 == null)
        continue;
      let x1 = pixelForX(dataX[i]), y1 = pixelForY(yVal1);
      align == 1 ? lineTo(stroke, x1, prevYPos) : lineTo(stroke, prevXPos, y1), lineTo(stroke, x1, y1), prevYPos = y1, prevXPos = x1;
    }
    let prevXPosExt = prevXPos;
    extend && align == 1 && (prevXPosExt = left + width, lineTo(stroke, prevXPosExt, prevYPos));
    let [bandFillDir, bandClipDir] = bandFillClipDirs(u, seriesIdx);
    if (series.fill != null || bandFillDir != 0) {
      let fill = _paths.fill = new Path2D(stroke), fillTo = series.fillTo(u, seriesIdx, series.min, series.max, bandFillDir), fillToY = pixelForY(fillTo);
      lineTo(fill, prevXPosExt, fillToY), lineTo(fill, firstXPosExt, fillToY);
    }
    if (!series.spanGaps) {
      let gaps2 = [];
      gaps2.push(...findGaps(dataX, dataY, idx0, idx1, dir, pixelForX, alignGaps));
      let halfStroke = series.width * pxRatio / 2, startsOffset = ascDesc || align == 1 ? halfStroke : -halfStroke, endsOffset = ascDesc || align == -1 ? -halfStroke : halfStroke;
      gaps2.forEach((g) => {
        g[0] += startsOffset, g[1] += endsOffset;
      }), _paths.gaps = gaps2 = series.gaps(u, seriesIdx, idx0, idx1, gaps2), _paths.clip = clipGaps(gaps2, scaleX.ori, xOff, yOff, xDim, yDim);
    }
    return bandClipDir != 0 && (_paths.band = bandClipDir == 2 ? [
      clipBandLine(u, seriesIdx, idx0, idx1, stroke, -1),
      clipBandLine(u, seriesIdx, idx0, idx1, stroke, 1)
    ] : clipBandLine(u, seriesIdx, idx0, idx1, stroke, bandClipDir)), _paths;
  });
}
function findColWidth(dataX, dataY, valToPosX, scaleX, xDim, xOff, colWid = inf) {
  if (dataX.length > 1) {
    let prevIdx = null;
    for (let i = 0, minDelta = 1 / 0; i < dataX.length; i++)
      if (dataY[i] !== void 0) {
        if (prevIdx != null) {
          let delta = abs(dataX[i] - dataX[prevIdx]);
          delta < minDelta && (minDelta = delta, colWid = abs(valToPosX(dataX[i], scaleX, xDim, xOff) - valToPosX(dataX[prevIdx], scaleX, xDim, xOff)));
        }
        prevIdx = i;
      }
  }
  return colWid;
}
function bars(opts) {
  opts = opts || EMPTY_OBJ;
  let size = ifNull(opts.size, [0.6, inf, 1]), align = opts.align || 0, _extraGap = opts.gap || 0, ro = opts.radius;
  ro = // [valueRadius, baselineRadius]
  ro == null ? [0, 0] : typeof ro == "number" ? [ro, 0] : ro;
  let radiusFn = fnOrSelf(ro), gapFactor = 1 - size[0], _maxWidth = ifNull(size[1], inf), _minWidth = ifNull(size[2], 1), disp = ifNull(opts.disp, EMPTY_OBJ), _each = ifNull(opts.each, (_2) => {
  }), { fill: dispFills, stroke: dispStrokes } = disp;
  return (u, seriesIdx, idx0, idx1) => orient(u, seriesIdx, (series, dataX, dataY, scaleX, scaleY, valToPosX, valToPosY, xOff, yOff, xDim, yDim) => {
    let pxRound = series.pxRound, _align = align, extraGap = _extraGap * pxRatio, maxWidth = _maxWidth * pxRatio, minWidth = _minWidth * pxRatio, valRadius, baseRadius;
    scaleX.ori == 0 ? [valRadius, baseRadius] = radiusFn(u, seriesIdx) : [baseRadius, valRadius] = radiusFn(u, seriesIdx);
    let _dirX = scaleX.dir * (scaleX.ori == 0 ? 1 : -1), rect2 = scaleX.ori == 0 ? rectH : rectV, each = scaleX.ori == 0 ? _each : (u2, seriesIdx2, i, top, lft, hgt, wid) => {
      _each(u2, seriesIdx2, i, lft, top, wid, hgt);
    }, band = ifNull(u.bands, EMPTY_ARR).find((b) => b.series[0] == seriesIdx), fillDir = band != null ? band.dir : 0, fillTo = series.fillTo(u, seriesIdx, series.min, series.max, fillDir), fillToY = pxRound(valToPosY(fillTo, scaleY, yDim, yOff)), xShift, barWid, fullGap, colWid = xDim, strokeWidth = pxRound(series.width * pxRatio), multiPath = !1, fillColors = null, fillPaths = null, strokeColors = null, strokePaths = null;
    dispFills != null && (strokeWidth == 0 || dispStrokes != null) && (multiPath = !0, fillColors = dispFills.values(u, seriesIdx, idx0, idx1), fillPaths = /* @__PURE__ */ new Map(), new Set(fillColors).forEach((color) => {
      color != null && fillPaths.set(color, new Path2D());
    }), strokeWidth > 0 && (strokeColors = dispStrokes.values(u, seriesIdx, idx0, idx1), strokePaths = /* @__PURE__ */ new Map(), new Set(strokeColors).forEach((color) => {
      color != null && strokePaths.set(color, new Path2D());
    })));
    let { x0, size: size2 } = disp;
    if (x0 != null && size2 != null) {
      _align = 1, dataX = x0.values(u, seriesIdx, idx0, idx1), x0.unit == 2 && (dataX = dataX.map((pct) => u.posToVal(xOff + pct * xDim, scaleX.key, !0)));
      let sizes = size2.values(u, seriesIdx, idx0, idx1);
      size2.unit == 2 ? barWid = sizes[0] * xDim : barWid = valToPosX(sizes[0], scaleX, xDim, xOff) - valToPosX(0, scaleX, xDim, xOff), colWid = findColWidth(dataX, dataY, valToPosX, scaleX, xDim, xOff, colWid), fullGap = colWid - barWid + extraGap;
    } else
      colWid = findColWidth(dataX, dataY, valToPosX, scaleX, xDim, xOff, colWid), fullGap = colWid * gapFactor + extraGap, barWid = colWid - fullGap;
    fullGap < 1 && (fullGap = 0), strokeWidth >= barWid / 2 && (strokeWidth = 0), fullGap < 5 && (pxRound = retArg0);
    let insetStroke = fullGap > 0, rawBarWid = colWid - fullGap - (insetStroke ? strokeWidth : 0);
    barWid = pxRound(clamp(rawBarWid, minWidth, maxWidth)), xShift = (_align == 0 ? barWid / 2 : _align == _dirX ? 0 : barWid) - _align * _dirX * ((_align == 0 ? extraGap / 2 : 0) + (insetStroke ? strokeWidth / 2 : 0));
    let _paths = { stroke: null, fill: null, clip: null, band: null, gaps: null, flags: 0 }, stroke = multiPath ? null : new Path2D(), dataY0 = null;
    if (band != null)
      dataY0 = u.data[band.series[1]];
    else {
      let { y0, y1 } = disp;
      y0 != null && y1 != null && (dataY = y1.values(u, seriesIdx, idx0, idx1), dataY0 = y0.values(u, seriesIdx, idx0, idx1));
    }
    let radVal = valRadius * barWid, radBase = baseRadius * barWid;
    for (let i = _dirX == 1 ? idx0 : idx1; i >= idx0 && i <= idx1; i += _dirX) {
      let yVal = dataY[i];
      if (yVal == null)
        continue;
      if (dataY0 != null) {
        let yVal0 = dataY0[i] ?? 0;
        if (yVal - yVal0 == 0)
          continue;
        fillToY = valToPosY(yVal0, scaleY, yDim, yOff);
      }
      let xVal = scaleX.distr != 2 || disp != null ? dataX[i] : i, xPos = valToPosX(xVal, scaleX, xDim, xOff), yPos = valToPosY(ifNull(yVal, fillTo), scaleY, yDim, yOff), lft = pxRound(xPos - xShift), btm = pxRound(max(yPos, fillToY)), top = pxRound(min(yPos, fillToY)), barHgt = btm - top;
      if (yVal != null) {
        let rv = yVal < 0 ? radBase : radVal, rb = yVal < 0 ? radVal : radBase;
        multiPath ? (strokeWidth > 0 && strokeColors[i] != null && rect2(strokePaths.get(strokeColors[i]), lft, top + floor(strokeWidth / 2), barWid, max(0, barHgt - strokeWidth), rv, rb), fillColors[i] != null && rect2(fillPaths.get(fillColors[i]), lft, top + floor(strokeWidth / 2), barWid, max(0, barHgt - strokeWidth), rv, rb)) : rect2(stroke, lft, top + floor(strokeWidth / 2), barWid, max(0, barHgt - strokeWidth), rv, rb), each(
          u,
          seriesIdx,
          i,
          lft - strokeWidth / 2,
          top,
          barWid + strokeWidth,
          barHgt
        );
      }
    }
    return strokeWidth > 0 ? _paths.stroke = multiPath ? strokePaths : stroke : multiPath || (_paths._fill = series.width == 0 ? series._fill : series._stroke ?? series._fill, _paths.width = 0), _paths.fill = multiPath ? fillPaths : stroke, _paths;
  });
}
function splineInterp(interp, opts) {
  let alignGaps = ifNull(opts?.alignGaps, 0);
  return (u, seriesIdx, idx0, idx1) => orient(u, seriesIdx, (series, dataX, dataY, scaleX, scaleY, valToPosX, valToPosY, xOff, yOff, xDim, yDim) => {
    [idx0, idx1] = nonNullIdxs(dataY, idx0, idx1);
    let pxRound = series.pxRound, pixelForX = (val) => pxRound(valToPosX(val, scaleX, xDim, xOff)), pixelForY = (val) => pxRound(valToPosY(val, scaleY, yDim, yOff)), moveTo, bezierCurveTo, lineTo;
    scaleX.ori == 0 ? (moveTo = moveToH, lineTo = lineToH, bezierCurveTo = bezierCurveToH) : (moveTo = moveToV, lineTo = lineToV, bezierCurveTo = bezierCurveToV);
    let dir = scaleX.dir * (scaleX.ori == 0 ? 1 : -1), firstXPos = pixelForX(dataX[dir == 1 ? idx0 : idx1]), prevXPos = firstXPos, xCoords = [], yCoords = [];
    for (let i = dir == 1 ? idx0 : idx1; i >= idx0 && i <= idx1; i += dir)
      if (dataY[i] != null) {
        let xVal = dataX[i], xPos = pixelForX(xVal);
        xCoords.push(prevXPos = xPos), yCoords.push(pixelForY(dataY[i]));
      }
    let _paths = { stroke: interp(xCoords, yCoords, moveTo, lineTo, bezierCurveTo, pxRound), fill: null, clip: null, band: null, gaps: null, flags: BAND_CLIP_FILL }, stroke = _paths.stroke, [bandFillDir, bandClipDir] = bandFillClipDirs(u, seriesIdx);
    if (series.fill != null || bandFillDir != 0) {
      let fill = _paths.fill = new Path2D(stroke), fillTo = series.fillTo(u, seriesIdx, series.min, series.max, bandFillDir), fillToY = pixelForY(fillTo);
      lineTo(fill, prevXPos, fillToY), lineTo(fill, firstXPos, fillToY);
    }
    if (!series.spanGaps) {
      let gaps2 = [];
      gaps2.push(...findGaps(dataX, dataY, idx0, idx1, dir, pixelForX, alignGaps)), _paths.gaps = gaps2 = series.gaps(u, seriesIdx, idx0, idx1, gaps2), _paths.clip = clipGaps(gaps2, scaleX.ori, xOff, yOff, xDim, yDim);
    }
    return bandClipDir != 0 && (_paths.band = bandClipDir == 2 ? [
      clipBandLine(u, seriesIdx, idx0, idx1, stroke, -1),
      clipBandLine(u, seriesIdx, idx0, idx1, stroke, 1)
    ] : clipBandLine(u, seriesIdx, idx0, idx1, stroke, bandClipDir)), _paths;
  });
}
function monotoneCubic(opts) {
  return splineInterp(_monotoneCubic, opts);
}
function _monotoneCubic(xs, ys, moveTo, lineTo, bezierCurveTo, pxRound) {
  let n = xs.length;
  if (n < 2)
    return null;
  let path = new Path2D();
  if (moveTo(path, xs[0], ys[0]), n == 2)
    lineTo(path, xs[1], ys[1]);
  else {
    let ms = Array(n), ds = Array(n - 1), dys = Array(n - 1), dxs = Array(n - 1);
    for (let i = 0; i < n - 1; i++)
      dys[i] = ys[i + 1] - ys[i], dxs[i] = xs[i + 1] - xs[i], ds[i] = dys[i] / dxs[i];
    ms[0] = ds[0];
    for (let i = 1; i < n - 1; i++)
      ds[i] === 0 || ds[i - 1] === 0 || ds[i - 1] > 0 != ds[i] > 0 ? ms[i] = 0 : (ms[i] = 3 * (dxs[i - 1] + dxs[i]) / ((2 * dxs[i] + dxs[i - 1]) / ds[i - 1] + (dxs[i] + 2 * dxs[i - 1]) / ds[i]), isFinite(ms[i]) || (ms[i] = 0));
    ms[n - 1] = ds[n - 2];
    for (let i = 0; i < n - 1; i++)
      bezierCurveTo(
        path,
        xs[i] + dxs[i] / 3,
        ys[i] + ms[i] * dxs[i] / 3,
        xs[i + 1] - dxs[i] / 3,
        ys[i + 1] - ms[i + 1] * dxs[i] / 3,
        xs[i + 1],
        ys[i + 1]
      );
  }
  return path;
}
var cursorPlots = /* @__PURE__ */ new Set();
function invalidateRects() {
  for (let u of cursorPlots)
    u.syncRect(!0);
}
domEnv && (on(resize, win, invalidateRects), on(scroll, win, invalidateRects, !0), on(dppxchange, win, () => {
  uPlot.pxRatio = pxRatio;
}));
var linearPath = linear(), pointsPath = points();
function setDefaults(d, xo, yo, initY) {
  return (initY ? [d[0], d[1]].concat(d.slice(2)) : [d[0]].concat(d.slice(1))).map((o, i) => setDefault(o, i, xo, yo));
}
function setDefaults2(d, xyo) {
  return d.map((o, i) => i == 0 ? {} : assign({}, xyo, o));
}
function setDefault(o, i, xo, yo) {
  return assign({}, i == 0 ? xo : yo, o);
}
function snapNumX(self, dataMin, dataMax) {
  return dataMin == null ? nullNullTuple : [dataMin, dataMax];
}
var snapTimeX = snapNumX;
function snapNumY(self, dataMin, dataMax) {
  return dataMin == null ? nullNullTuple : rangeNum(dataMin, dataMax, rangePad, !0);
}
function snapLogY(self, dataMin, dataMax, scale) {
  return dataMin == null ? nullNullTuple : rangeLog(dataMin, dataMax, self.scales[scale].log, !1);
}
var snapLogX = snapLogY;
function snapAsinhY(self, dataMin, dataMax, scale) {
  return dataMin == null ? nullNullTuple : rangeAsinh(dataMin, dataMax, self.scales[scale].log, !1);
}
var snapAsinhX = snapAsinhY;
function findIncr(minVal, maxVal, incrs, dim, minSpace) {
  let intDigits = max(numIntDigits(minVal), numIntDigits(maxVal)), delta = maxVal - minVal, incrIdx = closestIdx(minSpace / dim * delta, incrs);
  do {
    let foundIncr = incrs[incrIdx], foundSpace = dim * foundIncr / delta;
    if (foundSpace >= minSpace && intDigits + (foundIncr < 5 ? fixedDec.get(foundIncr) : 0) <= 17)
      return [foundIncr, foundSpace];
  } while (++incrIdx < incrs.length);
  return [0, 0];
}
function pxRatioFont(font2) {
  let fontSize, fontSizeCss;
  return font2 = font2.replace(/(\d+)px/, (m, p1) => (fontSize = round((fontSizeCss = +p1) * pxRatio)) + "px"), [font2, fontSize, fontSizeCss];
}
function syncFontSize(axis) {
  axis.show && [axis.font, axis.labelFont].forEach((f) => {
    let size = roundDec(f[2] * pxRatio, 1);
    f[0] = f[0].replace(/[0-9.]+px/, size + "px"), f[1] = size;
  });
}
function uPlot(opts, data, then) {
  let self = {
    mode: ifNull(opts.mode, 1)
  }, mode = self.mode;
  function getHPos(val, scale, dim, off2) {
    let pct = scale.valToPct(val);
    return off2 + dim * (scale.dir == -1 ? 1 - pct : pct);
  }
  function getVPos(val, scale, dim, off2) {
    let pct = scale.valToPct(val);
    return off2 + dim * (scale.dir == -1 ? pct : 1 - pct);
  }
  function getPos(val, scale, dim, off2) {
    return scale.ori == 0 ? getHPos(val, scale, dim, off2) : getVPos(val, scale, dim, off2);
  }
  self.valToPosH = getHPos, self.valToPosV = getVPos;
  let ready = !1;
  self.status = 0;
  let root = self.root = placeDiv(UPLOT);
  if (opts.id != null && (root.id = opts.id), addClass(root, opts.class), opts.title) {
    let title = placeDiv(TITLE, root);
    title.textContent = opts.title;
  }
  let can = placeTag("canvas"), ctx = self.ctx = can.getContext("2d"), wrap = placeDiv(WRAP, root);
  on("click", wrap, (e) => {
    e.target === over && (mouseLeft1 != mouseLeft0 || mouseTop1 != mouseTop0) && drag.click(self, e);
  }, !0);
  let under = self.under = placeDiv(UNDER, wrap);
  wrap.appendChild(can);
  let over = self.over = placeDiv(OVER, wrap);
  opts = copy(opts);
  let pxAlign = +ifNull(opts.pxAlign, 1), pxRound = pxRoundGen(pxAlign);
  (opts.plugins || []).forEach((p) => {
    p.opts && (opts = p.opts(self, opts) || opts);
  });
  let ms = opts.ms || 1e-3, series = self.series = mode == 1 ? setDefaults(opts.series || [], xSeriesOpts, ySeriesOpts, !1) : setDefaults2(opts.series || [null], xySeriesOpts), axes = self.axes = setDefaults(opts.axes || [], xAxisOpts, yAxisOpts, !0), scales = self.scales = {}, bands = self.bands = opts.bands || [];
  bands.forEach((b) => {
    b.fill = fnOrSelf(b.fill || null), b.dir = ifNull(b.dir, -1);
  });
  let xScaleKey = mode == 2 ? series[1].facets[0].scale : series[0].scale, drawOrderMap = {
    axes: drawAxesGrid,
    series: drawSeries
  }, drawOrder = (opts.drawOrder || ["axes", "series"]).map((key2) => drawOrderMap[key2]);
  function initValToPct(sc) {
    let getVal = sc.distr == 3 ? (val) => log10(val > 0 ? val : sc.clamp(self, val, sc.min, sc.max, sc.key)) : sc.distr == 4 ? (val) => asinh(val, sc.asinh) : sc.distr == 100 ? (val) => sc.fwd(val) : (val) => val;
    return (val) => {
      let _val = getVal(val), { _min, _max } = sc, delta = _max - _min;
      return (_val - _min) / delta;
    };
  }
  function initScale(scaleKey) {
    let sc = scales[scaleKey];
    if (sc == null) {
      let scaleOpts = (opts.scales || EMPTY_OBJ)[scaleKey] || EMPTY_OBJ;
      if (scaleOpts.from != null) {
        initScale(scaleOpts.from);
        let sc2 = assign({}, scales[scaleOpts.from], scaleOpts, { key: scaleKey });
        sc2.valToPct = initValToPct(sc2), scales[scaleKey] = sc2;
      } else {
        sc = scales[scaleKey] = assign({}, scaleKey == xScaleKey ? xScaleOpts : yScaleOpts, scaleOpts), sc.key = scaleKey;
        let isTime = sc.time, rn = sc.range, rangeIsArr = isArr(rn);
        if ((scaleKey != xScaleKey || mode == 2 && !isTime) && (rangeIsArr && (rn[0] == null || rn[1] == null) && (rn = {
          min: rn[0] == null ? autoRangePart : {
            mode: 1,
            hard: rn[0],
            soft: rn[0]
          },
          max: rn[1] == null ? autoRangePart : {
            mode: 1,
            hard: rn[1],
            soft: rn[1]
          }
        }, rangeIsArr = !1), !rangeIsArr && isObj(rn))) {
          let cfg = rn;
          rn = (self2, dataMin, dataMax) => dataMin == null ? nullNullTuple : rangeNum(dataMin, dataMax, cfg);
        }
        sc.range = fnOrSelf(rn || (isTime ? snapTimeX : scaleKey == xScaleKey ? sc.distr == 3 ? snapLogX : sc.distr == 4 ? snapAsinhX : snapNumX : sc.distr == 3 ? snapLogY : sc.distr == 4 ? snapAsinhY : snapNumY)), sc.auto = fnOrSelf(rangeIsArr ? !1 : sc.auto), sc.clamp = fnOrSelf(sc.clamp || clampScale), sc._min = sc._max = null, sc.valToPct = initValToPct(sc);
      }
    }
  }
  initScale("x"), initScale("y"), mode == 1 && series.forEach((s) => {
    initScale(s.scale);
  }), axes.forEach((a) => {
    initScale(a.scale);
  });
  for (let k in opts.scales)
    initScale(k);
  let scaleX = scales[xScaleKey], xScaleDistr = scaleX.distr, valToPosX, valToPosY;
  scaleX.ori == 0 ? (addClass(root, ORI_HZ), valToPosX = getHPos, valToPosY = getVPos) : (addClass(root, ORI_VT), valToPosX = getVPos, valToPosY = getHPos);
  let pendScales = {};
  for (let k in scales) {
    let sc = scales[k];
    (sc.min != null || sc.max != null) && (pendScales[k] = { min: sc.min, max: sc.max }, sc.min = sc.max = null);
  }
  let _tzDate = opts.tzDate || ((ts) => new Date(round(ts / ms))), _fmtDate = opts.fmtDate || fmtDate, _timeAxisSplits = ms == 1 ? timeAxisSplitsMs(_tzDate) : timeAxisSplitsS(_tzDate), _timeAxisVals = timeAxisVals(_tzDate, timeAxisStamps(ms == 1 ? _timeAxisStampsMs : _timeAxisStampsS, _fmtDate)), _timeSeriesVal = timeSeriesVal(_tzDate, timeSeriesStamp(_timeSeriesStamp, _fmtDate)), activeIdxs = [], legend = self.legend = assign({}, legendOpts, opts.legend), cursor = self.cursor = assign({}, cursorOpts, { drag: { y: mode == 2 } }, opts.cursor), showLegend = legend.show, showCursor = cursor.show, markers = legend.markers;
  legend.idxs = activeIdxs, markers.width = fnOrSelf(markers.width), markers.dash = fnOrSelf(markers.dash), markers.stroke = fnOrSelf(markers.stroke), markers.fill = fnOrSelf(markers.fill);
  let legendTable, legendHead, legendBody, legendRows = [], legendCells = [], legendCols, multiValLegend = !1, NULL_LEGEND_VALUES = {};
  if (legend.live) {
    let getMultiVals = series[1] ? series[1].values : null;
    multiValLegend = getMultiVals != null, legendCols = multiValLegend ? getMultiVals(self, 1, 0) : { _: 0 };
    for (let k in legendCols)
      NULL_LEGEND_VALUES[k] = LEGEND_DISP;
  }
  if (showLegend)
    if (legendTable = placeTag("table", LEGEND, root), legendBody = placeTag("tbody", null, legendTable), legend.mount(self, legendTable), multiValLegend) {
      legendHead = placeTag("thead", null, legendTable, legendBody);
      let head = placeTag("tr", null, legendHead);
      placeTag("th", null, head);
      for (var key in legendCols)
        placeTag("th", LEGEND_LABEL, head).textContent = key;
    } else
      addClass(legendTable, LEGEND_INLINE), legend.live && addClass(legendTable, LEGEND_LIVE);
  let son = { show: !0 }, soff = { show: !1 };
  function initLegendRow(s, i) {
    if (i == 0 && (multiValLegend || !legend.live || mode == 2))
      return nullNullTuple;
    let cells = [], row = placeTag("tr", LEGEND_SERIES, legendBody, legendBody.childNodes[i]);
    addClass(row, s.class), s.show || addClass(row, OFF);
    let label = placeTag("th", null, row);
    if (markers.show) {
      let indic = placeDiv(LEGEND_MARKER, label);
      if (i > 0) {
        let width = markers.width(self, i);
        width && (indic.style.border = width + "px " + markers.dash(self, i) + " " + markers.stroke(self, i)), indic.style.background = markers.fill(self, i);
      }
    }
    let text = placeDiv(LEGEND_LABEL, label);
    s.label instanceof HTMLElement ? text.appendChild(s.label) : text.textContent = s.label, i > 0 && (markers.show || (text.style.color = s.width > 0 ? markers.stroke(self, i) : markers.fill(self, i)), onMouse("click", label, (e) => {
      if (cursor._lock)
        return;
      setCursorEvent(e);
      let seriesIdx = series.indexOf(s);
      if ((e.ctrlKey || e.metaKey) != legend.isolate) {
        let isolate = series.some((s2, i2) => i2 > 0 && i2 != seriesIdx && s2.show);
        series.forEach((s2, i2) => {
          i2 > 0 && setSeries(i2, isolate ? i2 == seriesIdx ? son : soff : son, !0, syncOpts.setSeries);
        });
      } else
        setSeries(seriesIdx, { show: !s.show }, !0, syncOpts.setSeries);
    }, !1), cursorFocus && onMouse(mouseenter, label, (e) => {
      cursor._lock || (setCursorEvent(e), setSeries(series.indexOf(s), FOCUS_TRUE, !0, syncOpts.setSeries));
    }, !1));
    for (var key2 in legendCols) {
      let v = placeTag("td", LEGEND_VALUE, row);
      v.textContent = "--", cells.push(v);
    }
    return [row, cells];
  }
  let mouseListeners = /* @__PURE__ */ new Map();
  function onMouse(ev, targ, fn, onlyTarg = !0) {
    let targListeners = mouseListeners.get(targ) || {}, listener = cursor.bind[ev](self, targ, fn, onlyTarg);
    listener && (on(ev, targ, targListeners[ev] = listener), mouseListeners.set(targ, targListeners));
  }
  function offMouse(ev, targ, fn) {
    let targListeners = mouseListeners.get(targ) || {};
    for (let k in targListeners)
      (ev == null || k == ev) && (off(k, targ, targListeners[k]), delete targListeners[k]);
    ev == null && mouseListeners.delete(targ);
  }
  let fullWidCss = 0, fullHgtCss = 0, plotWidCss = 0, plotHgtCss = 0, plotLftCss = 0, plotTopCss = 0, _plotLftCss = plotLftCss, _plotTopCss = plotTopCss, _plotWidCss = plotWidCss, _plotHgtCss = plotHgtCss, plotLft = 0, plotTop = 0, plotWid = 0, plotHgt = 0;
  self.bbox = {};
  let shouldSetScales = !1, shouldSetSize = !1, shouldConvergeSize = !1, shouldSetCursor = !1, shouldSetSelect = !1, shouldSetLegend = !1;
  function _setSize(width, height, force) {
    (force || width != self.width || height != self.height) && calcSize(width, height), resetYSeries(!1), shouldConvergeSize = !0, shouldSetSize = !0, commit();
  }
  function calcSize(width, height) {
    self.width = fullWidCss = plotWidCss = width, self.height = fullHgtCss = plotHgtCss = height, plotLftCss = plotTopCss = 0, calcPlotRect(), calcAxesRects();
    let bb = self.bbox;
    plotLft = bb.left = incrRound(plotLftCss * pxRatio, 0.5), plotTop = bb.top = incrRound(plotTopCss * pxRatio, 0.5), plotWid = bb.width = incrRound(plotWidCss * pxRatio, 0.5), plotHgt = bb.height = incrRound(plotHgtCss * pxRatio, 0.5);
  }
  let CYCLE_LIMIT = 3;
  function convergeSize() {
    let converged = !1, cycleNum = 0;
    for (; !converged; ) {
      cycleNum++;
      let axesConverged = axesCalc(cycleNum), paddingConverged = paddingCalc(cycleNum);
      converged = cycleNum == CYCLE_LIMIT || axesConverged && paddingConverged, converged || (calcSize(self.width, self.height), shouldSetSize = !0);
    }
  }
  function setSize({ width, height }) {
    _setSize(width, height);
  }
  self.setSize = setSize;
  function calcPlotRect() {
    let hasTopAxis = !1, hasBtmAxis = !1, hasRgtAxis = !1, hasLftAxis = !1;
    axes.forEach((axis, i) => {
      if (axis.show && axis._show) {
        let { side, _size } = axis, isVt = side % 2, labelSize = axis.label != null ? axis.labelSize : 0, fullSize = _size + labelSize;
        fullSize > 0 && (isVt ? (plotWidCss -= fullSize, side == 3 ? (plotLftCss += fullSize, hasLftAxis = !0) : hasRgtAxis = !0) : (plotHgtCss -= fullSize, side == 0 ? (plotTopCss += fullSize, hasTopAxis = !0) : hasBtmAxis = !0));
      }
    }), sidesWithAxes[0] = hasTopAxis, sidesWithAxes[1] = hasRgtAxis, sidesWithAxes[2] = hasBtmAxis, sidesWithAxes[3] = hasLftAxis, plotWidCss -= _padding[1] + _padding[3], plotLftCss += _padding[3], plotHgtCss -= _padding[2] + _padding[0], plotTopCss += _padding[0];
  }
  function calcAxesRects() {
    let off1 = plotLftCss + plotWidCss, off2 = plotTopCss + plotHgtCss, off3 = plotLftCss, off0 = plotTopCss;
    function incrOffset(side, size) {
      switch (side) {
        case 1:
          return off1 += size, off1 - size;
        case 2:
          return off2 += size, off2 - size;
        case 3:
          return off3 -= size, off3 + size;
        case 0:
          return off0 -= size, off0 + size;
      }
    }
    axes.forEach((axis, i) => {
      if (axis.show && axis._show) {
        let side = axis.side;
        axis._pos = incrOffset(side, axis._size), axis.label != null && (axis._lpos = incrOffset(side, axis.labelSize));
      }
    });
  }
  if (cursor.dataIdx == null) {
    let hov = cursor.hover, skip = hov.skip = new Set(hov.skip ?? []);
    skip.add(void 0);
    let prox = hov.prox = fnOrSelf(hov.prox), bias = hov.bias ??= 0;
    cursor.dataIdx = (self2, seriesIdx, cursorIdx, valAtPosX) => {
      if (seriesIdx == 0)
        return cursorIdx;
      let idx2 = cursorIdx, _prox = prox(self2, seriesIdx, cursorIdx, valAtPosX) ?? inf, withProx = _prox >= 0 && _prox < inf, xDim = scaleX.ori == 0 ? plotWidCss : plotHgtCss, cursorLft = cursor.left, xValues = data[0], yValues = data[seriesIdx];
      if (skip.has(yValues[cursorIdx])) {
        idx2 = null;
        let nonNullLft = null, nonNullRgt = null, j;
        if (bias == 0 || bias == -1)
          for (j = cursorIdx; nonNullLft == null && j-- > 0; )
            skip.has(yValues[j]) || (nonNullLft = j);
        if (bias == 0 || bias == 1)
          for (j = cursorIdx; nonNullRgt == null && j++ < yValues.length; )
            skip.has(yValues[j]) || (nonNullRgt = j);
        if (nonNullLft != null || nonNullRgt != null)
          if (withProx) {
            let lftPos = nonNullLft == null ? -1 / 0 : valToPosX(xValues[nonNullLft], scaleX, xDim, 0), rgtPos = nonNullRgt == null ? 1 / 0 : valToPosX(xValues[nonNullRgt], scaleX, xDim, 0), lftDelta = cursorLft - lftPos, rgtDelta = rgtPos - cursorLft;
            lftDelta <= rgtDelta ? lftDelta <= _prox && (idx2 = nonNullLft) : rgtDelta <= _prox && (idx2 = nonNullRgt);
          } else
            idx2 = nonNullRgt == null ? nonNullLft : nonNullLft == null ? nonNullRgt : cursorIdx - nonNullLft <= nonNullRgt - cursorIdx ? nonNullLft : nonNullRgt;
      } else withProx && abs(cursorLft - valToPosX(xValues[cursorIdx], scaleX, xDim, 0)) > _prox && (idx2 = null);
      return idx2;
    };
  }
  let setCursorEvent = (e) => {
    cursor.event = e;
  };
  cursor.idxs = activeIdxs, cursor._lock = !1;
  let points2 = cursor.points;
  points2.show = fnOrSelf(points2.show), points2.size = fnOrSelf(points2.size), points2.stroke = fnOrSelf(points2.stroke), points2.width = fnOrSelf(points2.width), points2.fill = fnOrSelf(points2.fill);
  let focus = self.focus = assign({}, opts.focus || { alpha: 0.3 }, cursor.focus), cursorFocus = focus.prox >= 0, cursorOnePt = cursorFocus && points2.one, cursorPts = [], cursorPtsLft = [], cursorPtsTop = [];
  function initCursorPt(s, si) {
    let pt = points2.show(self, si);
    if (pt instanceof HTMLElement)
      return addClass(pt, CURSOR_PT), addClass(pt, s.class), elTrans(pt, -10, -10, plotWidCss, plotHgtCss), over.insertBefore(pt, cursorPts[si]), pt;
  }
  function initSeries(s, i) {
    if (mode == 1 || i > 0) {
      let isTime = mode == 1 && scales[s.scale].time, sv = s.value;
      s.value = isTime ? isStr(sv) ? timeSeriesVal(_tzDate, timeSeriesStamp(sv, _fmtDate)) : sv || _timeSeriesVal : sv || numSeriesVal, s.label = s.label || (isTime ? timeSeriesLabel : numSeriesLabel);
    }
    if (cursorOnePt || i > 0) {
      s.width = s.width == null ? 1 : s.width, s.paths = s.paths || linearPath || retNull, s.fillTo = fnOrSelf(s.fillTo || seriesFillTo), s.pxAlign = +ifNull(s.pxAlign, pxAlign), s.pxRound = pxRoundGen(s.pxAlign), s.stroke = fnOrSelf(s.stroke || null), s.fill = fnOrSelf(s.fill || null), s._stroke = s._fill = s._paths = s._focus = null;
      let _ptDia = ptDia(max(1, s.width), 1), points3 = s.points = assign({}, {
        size: _ptDia,
        width: max(1, _ptDia * 0.2),
        stroke: s.stroke,
        space: _ptDia * 2,
        paths: pointsPath,
        _stroke: null,
        _fill: null
      }, s.points);
      points3.show = fnOrSelf(points3.show), points3.filter = fnOrSelf(points3.filter), points3.fill = fnOrSelf(points3.fill), points3.stroke = fnOrSelf(points3.stroke), points3.paths = fnOrSelf(points3.paths), points3.pxAlign = s.pxAlign;
    }
    if (showLegend) {
      let rowCells = initLegendRow(s, i);
      legendRows.splice(i, 0, rowCells[0]), legendCells.splice(i, 0, rowCells[1]), legend.values.push(null);
    }
    if (showCursor) {
      activeIdxs.splice(i, 0, null);
      let pt = null;
      cursorOnePt ? i == 0 && (pt = initCursorPt(s, i)) : i > 0 && (pt = initCursorPt(s, i)), cursorPts.splice(i, 0, pt), cursorPtsLft.splice(i, 0, 0), cursorPtsTop.splice(i, 0, 0);
    }
    fire("addSeries", i);
  }
  function addSeries(opts2, si) {
    si = si ?? series.length, opts2 = mode == 1 ? setDefault(opts2, si, xSeriesOpts, ySeriesOpts) : setDefault(opts2, si, {}, xySeriesOpts), series.splice(si, 0, opts2), initSeries(series[si], si);
  }
  self.addSeries = addSeries;
  function delSeries(i) {
    if (series.splice(i, 1), showLegend) {
      legend.values.splice(i, 1), legendCells.splice(i, 1);
      let tr = legendRows.splice(i, 1)[0];
      offMouse(null, tr.firstChild), tr.remove();
    }
    showCursor && (activeIdxs.splice(i, 1), cursorPts.splice(i, 1)[0].remove(), cursorPtsLft.splice(i, 1), cursorPtsTop.splice(i, 1)), fire("delSeries", i);
  }
  self.delSeries = delSeries;
  let sidesWithAxes = [!1, !1, !1, !1];
  function initAxis(axis, i) {
    if (axis._show = axis.show, axis.show) {
      let isVt = axis.side % 2, sc = scales[axis.scale];
      sc == null && (axis.scale = isVt ? series[1].scale : xScaleKey, sc = scales[axis.scale]);
      let isTime = sc.time;
      axis.size = fnOrSelf(axis.size), axis.space = fnOrSelf(axis.space), axis.rotate = fnOrSelf(axis.rotate), isArr(axis.incrs) && axis.incrs.forEach((incr) => {
        !fixedDec.has(incr) && fixedDec.set(incr, guessDec(incr));
      }), axis.incrs = fnOrSelf(axis.incrs || (sc.distr == 2 ? wholeIncrs : isTime ? ms == 1 ? timeIncrsMs : timeIncrsS : numIncrs)), axis.splits = fnOrSelf(axis.splits || (isTime && sc.distr == 1 ? _timeAxisSplits : sc.distr == 3 ? logAxisSplits : sc.distr == 4 ? asinhAxisSplits : numAxisSplits)), axis.stroke = fnOrSelf(axis.stroke), axis.grid.stroke = fnOrSelf(axis.grid.stroke), axis.ticks.stroke = fnOrSelf(axis.ticks.stroke), axis.border.stroke = fnOrSelf(axis.border.stroke);
      let av = axis.values;
      axis.values = // static array of tick values
      isArr(av) && !isArr(av[0]) ? fnOrSelf(av) : (
        // temporal
        isTime ? (
          // config array of fmtDate string tpls
          isArr(av) ? timeAxisVals(_tzDate, timeAxisStamps(av, _fmtDate)) : (
            // fmtDate string tpl
            isStr(av) ? timeAxisVal(_tzDate, av) : av || _timeAxisVals
          )
        ) : av || numAxisVals
      ), axis.filter = fnOrSelf(axis.filter || (sc.distr >= 3 && sc.log == 10 ? log10AxisValsFilt : sc.distr == 3 && sc.log == 2 ? log2AxisValsFilt : retArg1)), axis.font = pxRatioFont(axis.font), axis.labelFont = pxRatioFont(axis.labelFont), axis._size = axis.size(self, null, i, 0), axis._space = axis._rotate = axis._incrs = axis._found = // foundIncrSpace
      axis._splits = axis._values = null, axis._size > 0 && (sidesWithAxes[i] = !0, axis._el = placeDiv(AXIS, wrap));
    }
  }
  function autoPadSide(self2, side, sidesWithAxes2, cycleNum) {
    let [hasTopAxis, hasRgtAxis, hasBtmAxis, hasLftAxis] = sidesWithAxes2, ori = side % 2, size = 0;
    return ori == 0 && (hasLftAxis || hasRgtAxis) && (size = side == 0 && !hasTopAxis || side == 2 && !hasBtmAxis ? round(xAxisOpts.size / 3) : 0), ori == 1 && (hasTopAxis || hasBtmAxis) && (size = side == 1 && !hasRgtAxis || side == 3 && !hasLftAxis ? round(yAxisOpts.size / 2) : 0), size;
  }
  let padding = self.padding = (opts.padding || [autoPadSide, autoPadSide, autoPadSide, autoPadSide]).map((p) => fnOrSelf(ifNull(p, autoPadSide))), _padding = self._padding = padding.map((p, i) => p(self, i, sidesWithAxes, 0)), dataLen, i0 = null, i1 = null, idxs = mode == 1 ? series[0].idxs : null, data0 = null, viaAutoScaleX = !1;
  function setData(_data, _resetScales) {
    if (data = _data ?? [], self.data = self._data = data, mode == 2) {
      dataLen = 0;
      for (let i = 1; i < series.length; i++)
        dataLen += data[i][0].length;
    } else {
      data.length == 0 && (self.data = self._data = data = [[]]), data0 = data[0], dataLen = data0.length;
      let scaleData = data;
      if (xScaleDistr == 2) {
        scaleData = data.slice();
        let _data0 = scaleData[0] = Array(dataLen);
        for (let i = 0; i < dataLen; i++)
          _data0[i] = i;
      }
      self._data = data = scaleData;
    }
    if (resetYSeries(!0), fire("setData"), xScaleDistr == 2 && (shouldConvergeSize = !0), _resetScales !== !1) {
      let xsc = scaleX;
      xsc.auto(self, viaAutoScaleX) ? autoScaleX() : _setScale(xScaleKey, xsc.min, xsc.max), shouldSetCursor = shouldSetCursor || cursor.left >= 0, shouldSetLegend = !0, commit();
    }
  }
  self.setData = setData;
  function autoScaleX() {
    viaAutoScaleX = !0;
    let _min, _max;
    mode == 1 && (dataLen > 0 ? (i0 = idxs[0] = 0, i1 = idxs[1] = dataLen - 1, _min = data[0][i0], _max = data[0][i1], xScaleDistr == 2 ? (_min = i0, _max = i1) : _min == _max && (xScaleDistr == 3 ? [_min, _max] = rangeLog(_min, _min, scaleX.log, !1) : xScaleDistr == 4 ? [_min, _max] = rangeAsinh(_min, _min, scaleX.log, !1) : scaleX.time ? _max = _min + round(86400 / ms) : [_min, _max] = rangeNum(_min, _max, rangePad, !0))) : (i0 = idxs[0] = _min = null, i1 = idxs[1] = _max = null)), _setScale(xScaleKey, _min, _max);
  }
  let ctxStroke, ctxFill, ctxWidth, ctxDash, ctxJoin, ctxCap, ctxFont, ctxAlign, ctxBaseline, ctxAlpha;
  function setCtxStyle(stroke, width, dash, cap, fill, join2) {
    stroke ??= transparent, dash ??= EMPTY_ARR, cap ??= "butt", fill ??= transparent, join2 ??= "round", stroke != ctxStroke && (ctx.strokeStyle = ctxStroke = stroke), fill != ctxFill && (ctx.fillStyle = ctxFill = fill), width != ctxWidth && (ctx.lineWidth = ctxWidth = width), join2 != ctxJoin && (ctx.lineJoin = ctxJoin = join2), cap != ctxCap && (ctx.lineCap = ctxCap = cap), dash != ctxDash && ctx.setLineDash(ctxDash = dash);
  }
  function setFontStyle(font2, fill, align, baseline) {
    fill != ctxFill && (ctx.fillStyle = ctxFill = fill), font2 != ctxFont && (ctx.font = ctxFont = font2), align != ctxAlign && (ctx.textAlign = ctxAlign = align), baseline != ctxBaseline && (ctx.textBaseline = ctxBaseline = baseline);
  }
  function accScale(wsc, psc, facet2, data2, sorted = 0) {
    if (data2.length > 0 && wsc.auto(self, viaAutoScaleX) && (psc == null || psc.min == null)) {
      let _i0 = ifNull(i0, 0), _i1 = ifNull(i1, data2.length - 1), minMax = facet2.min == null ? getMinMax(data2, _i0, _i1, sorted, wsc.distr == 3) : [facet2.min, facet2.max];
      wsc.min = min(wsc.min, facet2.min = minMax[0]), wsc.max = max(wsc.max, facet2.max = minMax[1]);
    }
  }
  let AUTOSCALE = { min: null, max: null };
  function setScales() {
    for (let k in scales) {
      let sc = scales[k];
      pendScales[k] == null && // scales that have never been set (on init)
      (sc.min == null || // or auto scales when the x scale was explicitly set
      pendScales[xScaleKey] != null && sc.auto(self, viaAutoScaleX)) && (pendScales[k] = AUTOSCALE);
    }
    for (let k in scales) {
      let sc = scales[k];
      pendScales[k] == null && sc.from != null && pendScales[sc.from] != null && (pendScales[k] = AUTOSCALE);
    }
    pendScales[xScaleKey] != null && resetYSeries(!0);
    let wipScales = {};
    for (let k in pendScales) {
      let psc = pendScales[k];
      if (psc != null) {
        let wsc = wipScales[k] = copy(scales[k], fastIsObj);
        if (psc.min != null)
          assign(wsc, psc);
        else if (k != xScaleKey || mode == 2)
          if (dataLen == 0 && wsc.from == null) {
            let minMax = wsc.range(self, null, null, k);
            wsc.min = minMax[0], wsc.max = minMax[1];
          } else
            wsc.min = inf, wsc.max = -inf;
      }
    }
    if (dataLen > 0) {
      series.forEach((s, i) => {
        if (mode == 1) {
          let k = s.scale, psc = pendScales[k];
          if (psc == null)
            return;
          let wsc = wipScales[k];
          if (i == 0) {
            let minMax = wsc.range(self, wsc.min, wsc.max, k);
            wsc.min = minMax[0], wsc.max = minMax[1], i0 = closestIdx(wsc.min, data[0]), i1 = closestIdx(wsc.max, data[0]), i1 - i0 > 1 && (data[0][i0] < wsc.min && i0++, data[0][i1] > wsc.max && i1--), s.min = data0[i0], s.max = data0[i1];
          } else s.show && s.auto && accScale(wsc, psc, s, data[i], s.sorted);
          s.idxs[0] = i0, s.idxs[1] = i1;
        } else if (i > 0 && s.show && s.auto) {
          let [xFacet, yFacet] = s.facets, xScaleKey2 = xFacet.scale, yScaleKey = yFacet.scale, [xData, yData] = data[i], wscx = wipScales[xScaleKey2], wscy = wipScales[yScaleKey];
          wscx != null && accScale(wscx, pendScales[xScaleKey2], xFacet, xData, xFacet.sorted), wscy != null && accScale(wscy, pendScales[yScaleKey], yFacet, yData, yFacet.sorted), s.min = yFacet.min, s.max = yFacet.max;
        }
      });
      for (let k in wipScales) {
        let wsc = wipScales[k], psc = pendScales[k];
        if (wsc.from == null && (psc == null || psc.min == null)) {
          let minMax = wsc.range(
            self,
            wsc.min == inf ? null : wsc.min,
            wsc.max == -inf ? null : wsc.max,
            k
          );
          wsc.min = minMax[0], wsc.max = minMax[1];
        }
      }
    }
    for (let k in wipScales) {
      let wsc = wipScales[k];
      if (wsc.from != null) {
        let base = wipScales[wsc.from];
        if (base.min == null)
          wsc.min = wsc.max = null;
        else {
          let minMax = wsc.range(self, base.min, base.max, k);
          wsc.min = minMax[0], wsc.max = minMax[1];
        }
      }
    }
    let changed = {}, anyChanged = !1;
    for (let k in wipScales) {
      let wsc = wipScales[k], sc = scales[k];
      if (sc.min != wsc.min || sc.max != wsc.max) {
        sc.min = wsc.min, sc.max = wsc.max;
        let distr = sc.distr;
        sc._min = distr == 3 ? log10(sc.min) : distr == 4 ? asinh(sc.min, sc.asinh) : distr == 100 ? sc.fwd(sc.min) : sc.min, sc._max = distr == 3 ? log10(sc.max) : distr == 4 ? asinh(sc.max, sc.asinh) : distr == 100 ? sc.fwd(sc.max) : sc.max, changed[k] = anyChanged = !0;
      }
    }
    if (anyChanged) {
      series.forEach((s, i) => {
        mode == 2 ? i > 0 && changed.y && (s._paths = null) : changed[s.scale] && (s._paths = null);
      });
      for (let k in changed)
        shouldConvergeSize = !0, fire("setScale", k);
      showCursor && cursor.left >= 0 && (shouldSetCursor = shouldSetLegend = !0);
    }
    for (let k in pendScales)
      pendScales[k] = null;
  }
  function getOuterIdxs(ydata) {
    let _i0 = clamp(i0 - 1, 0, dataLen - 1), _i1 = clamp(i1 + 1, 0, dataLen - 1);
    for (; ydata[_i0] == null && _i0 > 0; )
      _i0--;
    for (; ydata[_i1] == null && _i1 < dataLen - 1; )
      _i1++;
    return [_i0, _i1];
  }
  function drawSeries() {
    if (dataLen > 0) {
      let shouldAlpha = series.some((s) => s._focus) && ctxAlpha != focus.alpha;
      shouldAlpha && (ctx.globalAlpha = ctxAlpha = focus.alpha), series.forEach((s, i) => {
        if (i > 0 && s.show && (cacheStrokeFill(i, !1), cacheStrokeFill(i, !0), s._paths == null)) {
          let _ctxAlpha = ctxAlpha;
          ctxAlpha != s.alpha && (ctx.globalAlpha = ctxAlpha = s.alpha);
          let _idxs = mode == 2 ? [0, data[i][0].length - 1] : getOuterIdxs(data[i]);
          s._paths = s.paths(self, i, _idxs[0], _idxs[1]), ctxAlpha != _ctxAlpha && (ctx.globalAlpha = ctxAlpha = _ctxAlpha);
        }
      }), series.forEach((s, i) => {
        if (i > 0 && s.show) {
          let _ctxAlpha = ctxAlpha;
          ctxAlpha != s.alpha && (ctx.globalAlpha = ctxAlpha = s.alpha), s._paths != null && drawPath(i, !1);
          {
            let _gaps = s._paths != null ? s._paths.gaps : null, show = s.points.show(self, i, i0, i1, _gaps), idxs2 = s.points.filter(self, i, show, _gaps);
            (show || idxs2) && (s.points._paths = s.points.paths(self, i, i0, i1, idxs2), drawPath(i, !0));
          }
          ctxAlpha != _ctxAlpha && (ctx.globalAlpha = ctxAlpha = _ctxAlpha), fire("drawSeries", i);
        }
      }), shouldAlpha && (ctx.globalAlpha = ctxAlpha = 1);
    }
  }
  function cacheStrokeFill(si, _points) {
    let s = _points ? series[si].points : series[si];
    s._stroke = s.stroke(self, si), s._fill = s.fill(self, si);
  }
  function drawPath(si, _points) {
    let s = _points ? series[si].points : series[si], {
      stroke,
      fill,
      clip: gapsClip,
      flags,
      _stroke: strokeStyle = s._stroke,
      _fill: fillStyle = s._fill,
      _width: width = s.width
    } = s._paths;
    width = roundDec(width * pxRatio, 3);
    let boundsClip = null, offset = width % 2 / 2;
    _points && fillStyle == null && (fillStyle = width > 0 ? "#fff" : strokeStyle);
    let _pxAlign = s.pxAlign == 1 && offset > 0;
    if (_pxAlign && ctx.translate(offset, offset), !_points) {
      let lft = plotLft - width / 2, top = plotTop - width / 2, wid = plotWid + width, hgt = plotHgt + width;
      boundsClip = new Path2D(), boundsClip.rect(lft, top, wid, hgt);
    }
    _points ? strokeFill(strokeStyle, width, s.dash, s.cap, fillStyle, stroke, fill, flags, gapsClip) : fillStroke(si, strokeStyle, width, s.dash, s.cap, fillStyle, stroke, fill, flags, boundsClip, gapsClip), _pxAlign && ctx.translate(-offset, -offset);
  }
  function fillStroke(si, strokeStyle, lineWidth, lineDash, lineCap, fillStyle, strokePath, fillPath, flags, boundsClip, gapsClip) {
    let didStrokeFill = !1;
    flags != 0 && bands.forEach((b, bi) => {
      if (b.series[0] == si) {
        let lowerEdge = series[b.series[1]], lowerData = data[b.series[1]], bandClip = (lowerEdge._paths || EMPTY_OBJ).band;
        isArr(bandClip) && (bandClip = b.dir == 1 ? bandClip[0] : bandClip[1]);
        let gapsClip2, _fillStyle = null;
        lowerEdge.show && bandClip && hasData(lowerData, i0, i1) ? (_fillStyle = b.fill(self, bi) || fillStyle, gapsClip2 = lowerEdge._paths.clip) : bandClip = null, strokeFill(strokeStyle, lineWidth, lineDash, lineCap, _fillStyle, strokePath, fillPath, flags, boundsClip, gapsClip, gapsClip2, bandClip), didStrokeFill = !0;
      }
    }), didStrokeFill || strokeFill(strokeStyle, lineWidth, lineDash, lineCap, fillStyle, strokePath, fillPath, flags, boundsClip, gapsClip);
  }
  let CLIP_FILL_STROKE = BAND_CLIP_FILL | BAND_CLIP_STROKE;
  function strokeFill(strokeStyle, lineWidth, lineDash, lineCap, fillStyle, strokePath, fillPath, flags, boundsClip, gapsClip, gapsClip2, bandClip) {
    setCtxStyle(strokeStyle, lineWidth, lineDash, lineCap, fillStyle), (boundsClip || gapsClip || bandClip) && (ctx.save(), boundsClip && ctx.clip(boundsClip), gapsClip && ctx.clip(gapsClip)), bandClip ? (flags & CLIP_FILL_STROKE) == CLIP_FILL_STROKE ? (ctx.clip(bandClip), gapsClip2 && ctx.clip(gapsClip2), doFill(fillStyle, fillPath), doStroke(strokeStyle, strokePath, lineWidth)) : flags & BAND_CLIP_STROKE ? (doFill(fillStyle, fillPath), ctx.clip(bandClip), doStroke(strokeStyle, strokePath, lineWidth)) : flags & BAND_CLIP_FILL && (ctx.save(), ctx.clip(bandClip), gapsClip2 && ctx.clip(gapsClip2), doFill(fillStyle, fillPath), ctx.restore(), doStroke(strokeStyle, strokePath, lineWidth)) : (doFill(fillStyle, fillPath), doStroke(strokeStyle, strokePath, lineWidth)), (boundsClip || gapsClip || bandClip) && ctx.restore();
  }
  function doStroke(strokeStyle, strokePath, lineWidth) {
    lineWidth > 0 && (strokePath instanceof Map ? strokePath.forEach((strokePath2, strokeStyle2) => {
      ctx.strokeStyle = ctxStroke = strokeStyle2, ctx.stroke(strokePath2);
    }) : strokePath != null && strokeStyle && ctx.stroke(strokePath));
  }
  function doFill(fillStyle, fillPath) {
    fillPath instanceof Map ? fillPath.forEach((fillPath2, fillStyle2) => {
      ctx.fillStyle = ctxFill = fillStyle2, ctx.fill(fillPath2);
    }) : fillPath != null && fillStyle && ctx.fill(fillPath);
  }
  function getIncrSpace(axisIdx, min2, max2, fullDim) {
    let axis = axes[axisIdx], incrSpace;
    if (fullDim <= 0)
      incrSpace = [0, 0];
    else {
      let minSpace = axis._space = axis.space(self, axisIdx, min2, max2, fullDim), incrs = axis._incrs = axis.incrs(self, axisIdx, min2, max2, fullDim, minSpace);
      incrSpace = findIncr(min2, max2, incrs, fullDim, minSpace);
    }
    return axis._found = incrSpace;
  }
  function drawOrthoLines(offs, filts, ori, side, pos0, len, width, stroke, dash, cap) {
    let offset = width % 2 / 2;
    pxAlign == 1 && ctx.translate(offset, offset), setCtxStyle(stroke, width, dash, cap, stroke), ctx.beginPath();
    let x0, y0, x1, y1, pos1 = pos0 + (side == 0 || side == 3 ? -len : len);
    ori == 0 ? (y0 = pos0, y1 = pos1) : (x0 = pos0, x1 = pos1);
    for (let i = 0; i < offs.length; i++)
      filts[i] != null && (ori == 0 ? x0 = x1 = offs[i] : y0 = y1 = offs[i], ctx.moveTo(x0, y0), ctx.lineTo(x1, y1));
    ctx.stroke(), pxAlign == 1 && ctx.translate(-offset, -offset);
  }
  function axesCalc(cycleNum) {
    let converged = !0;
    return axes.forEach((axis, i) => {
      if (!axis.show)
        return;
      let scale = scales[axis.scale];
      if (scale.min == null) {
        axis._show && (converged = !1, axis._show = !1, resetYSeries(!1));
        return;
      } else
        axis._show || (converged = !1, axis._show = !0, resetYSeries(!1));
      let side = axis.side, ori = side % 2, { min: min2, max: max2 } = scale, [_incr, _space] = getIncrSpace(i, min2, max2, ori == 0 ? plotWidCss : plotHgtCss);
      if (_space == 0)
        return;
      let forceMin = scale.distr == 2, _splits = axis._splits = axis.splits(self, i, min2, max2, _incr, _space, forceMin), splits = scale.distr == 2 ? _splits.map((i2) => data0[i2]) : _splits, incr = scale.distr == 2 ? data0[_splits[1]] - data0[_splits[0]] : _incr, values = axis._values = axis.values(self, axis.filter(self, splits, i, _space, incr), i, _space, incr);
      axis._rotate = side == 2 ? axis.rotate(self, values, i, _space) : 0;
      let oldSize = axis._size;
      axis._size = ceil(axis.size(self, values, i, cycleNum)), oldSize != null && axis._size != oldSize && (converged = !1);
    }), converged;
  }
  function paddingCalc(cycleNum) {
    let converged = !0;
    return padding.forEach((p, i) => {
      let _p = p(self, i, sidesWithAxes, cycleNum);
      _p != _padding[i] && (converged = !1), _padding[i] = _p;
    }), converged;
  }
  function drawAxesGrid() {
    for (let i = 0; i < axes.length; i++) {
      let axis = axes[i];
      if (!axis.show || !axis._show)
        continue;
      let side = axis.side, ori = side % 2, x, y, fillStyle = axis.stroke(self, i), shiftDir = side == 0 || side == 3 ? -1 : 1, [_incr, _space] = axis._found;
      if (axis.label != null) {
        let shiftAmt2 = axis.labelGap * shiftDir, baseLpos = round((axis._lpos + shiftAmt2) * pxRatio);
        setFontStyle(axis.labelFont[0], fillStyle, "center", side == 2 ? "top" : BOTTOM), ctx.save(), ori == 1 ? (x = y = 0, ctx.translate(
          baseLpos,
          round(plotTop + plotHgt / 2)
        ), ctx.rotate((side == 3 ? -PI : PI) / 2)) : (x = round(plotLft + plotWid / 2), y = baseLpos);
        let _label = isFn(axis.label) ? axis.label(self, i, _incr, _space) : axis.label;
        ctx.fillText(_label, x, y), ctx.restore();
      }
      if (_space == 0)
        continue;
      let scale = scales[axis.scale], plotDim = ori == 0 ? plotWid : plotHgt, plotOff = ori == 0 ? plotLft : plotTop, _splits = axis._splits, splits = scale.distr == 2 ? _splits.map((i2) => data0[i2]) : _splits, incr = scale.distr == 2 ? data0[_splits[1]] - data0[_splits[0]] : _incr, ticks2 = axis.ticks, border2 = axis.border, _tickSize = ticks2.show ? ticks2.size : 0, tickSize = round(_tickSize * pxRatio), axisGap = round((axis.alignTo == 2 ? axis._size - _tickSize - axis.gap : axis.gap) * pxRatio), angle = axis._rotate * -PI / 180, basePos = pxRound(axis._pos * pxRatio), shiftAmt = (tickSize + axisGap) * shiftDir, finalPos = basePos + shiftAmt;
      y = ori == 0 ? finalPos : 0, x = ori == 1 ? finalPos : 0;
      let font2 = axis.font[0], textAlign = axis.align == 1 ? LEFT : axis.align == 2 ? RIGHT : angle > 0 ? LEFT : angle < 0 ? RIGHT : ori == 0 ? "center" : side == 3 ? RIGHT : LEFT, textBaseline = angle || ori == 1 ? "middle" : side == 2 ? "top" : BOTTOM;
      setFontStyle(font2, fillStyle, textAlign, textBaseline);
      let lineHeight = axis.font[1] * axis.lineGap, canOffs = _splits.map((val) => pxRound(getPos(val, scale, plotDim, plotOff))), _values = axis._values;
      for (let i2 = 0; i2 < _values.length; i2++) {
        let val = _values[i2];
        if (val != null) {
          ori == 0 ? x = canOffs[i2] : y = canOffs[i2], val = "" + val;
          let _parts = val.indexOf(`
`) == -1 ? [val] : val.split(/\n/gm);
          for (let j = 0; j < _parts.length; j++) {
            let text = _parts[j];
            angle ? (ctx.save(), ctx.translate(x, y + j * lineHeight), ctx.rotate(angle), ctx.fillText(text, 0, 0), ctx.restore()) : ctx.fillText(text, x, y + j * lineHeight);
          }
        }
      }
      ticks2.show && drawOrthoLines(
        canOffs,
        ticks2.filter(self, splits, i, _space, incr),
        ori,
        side,
        basePos,
        tickSize,
        roundDec(ticks2.width * pxRatio, 3),
        ticks2.stroke(self, i),
        ticks2.dash,
        ticks2.cap
      );
      let grid2 = axis.grid;
      grid2.show && drawOrthoLines(
        canOffs,
        grid2.filter(self, splits, i, _space, incr),
        ori,
        ori == 0 ? 2 : 1,
        ori == 0 ? plotTop : plotLft,
        ori == 0 ? plotHgt : plotWid,
        roundDec(grid2.width * pxRatio, 3),
        grid2.stroke(self, i),
        grid2.dash,
        grid2.cap
      ), border2.show && drawOrthoLines(
        [basePos],
        [1],
        ori == 0 ? 1 : 0,
        ori == 0 ? 1 : 2,
        ori == 1 ? plotTop : plotLft,
        ori == 1 ? plotHgt : plotWid,
        roundDec(border2.width * pxRatio, 3),
        border2.stroke(self, i),
        border2.dash,
        border2.cap
      );
    }
    fire("drawAxes");
  }
  function resetYSeries(minMax) {
    series.forEach((s, i) => {
      i > 0 && (s._paths = null, minMax && (mode == 1 ? (s.min = null, s.max = null) : s.facets.forEach((f) => {
        f.min = null, f.max = null;
      })));
    });
  }
  let queuedCommit = !1, deferHooks = !1, hooksQueue = [];
  function flushHooks() {
    deferHooks = !1;
    for (let i = 0; i < hooksQueue.length; i++)
      fire(...hooksQueue[i]);
    hooksQueue.length = 0;
  }
  function commit() {
    queuedCommit || (microTask(_commit), queuedCommit = !0);
  }
  function batch(fn, _deferHooks = !1) {
    queuedCommit = !0, deferHooks = _deferHooks, fn(self), _commit(), _deferHooks && hooksQueue.length > 0 && queueMicrotask(flushHooks);
  }
  self.batch = batch;
  function _commit() {
    if (shouldSetScales && (setScales(), shouldSetScales = !1), shouldConvergeSize && (convergeSize(), shouldConvergeSize = !1), shouldSetSize) {
      if (setStylePx(under, LEFT, plotLftCss), setStylePx(under, "top", plotTopCss), setStylePx(under, WIDTH, plotWidCss), setStylePx(under, HEIGHT, plotHgtCss), setStylePx(over, LEFT, plotLftCss), setStylePx(over, "top", plotTopCss), setStylePx(over, WIDTH, plotWidCss), setStylePx(over, HEIGHT, plotHgtCss), setStylePx(wrap, WIDTH, fullWidCss), setStylePx(wrap, HEIGHT, fullHgtCss), can.width = round(fullWidCss * pxRatio), can.height = round(fullHgtCss * pxRatio), axes.forEach(({ _el, _show, _size, _pos, side }) => {
        if (_el != null)
          if (_show) {
            let posOffset = side === 3 || side === 0 ? _size : 0, isVt = side % 2 == 1;
            setStylePx(_el, isVt ? "left" : "top", _pos - posOffset), setStylePx(_el, isVt ? "width" : "height", _size), setStylePx(_el, isVt ? "top" : "left", isVt ? plotTopCss : plotLftCss), setStylePx(_el, isVt ? "height" : "width", isVt ? plotHgtCss : plotWidCss), remClass(_el, OFF);
          } else
            addClass(_el, OFF);
      }), ctxStroke = ctxFill = ctxWidth = ctxJoin = ctxCap = ctxFont = ctxAlign = ctxBaseline = ctxDash = null, ctxAlpha = 1, syncRect(!0), plotLftCss != _plotLftCss || plotTopCss != _plotTopCss || plotWidCss != _plotWidCss || plotHgtCss != _plotHgtCss) {
        resetYSeries(!1);
        let pctWid = plotWidCss / _plotWidCss, pctHgt = plotHgtCss / _plotHgtCss;
        if (showCursor && !shouldSetCursor && cursor.left >= 0) {
          cursor.left *= pctWid, cursor.top *= pctHgt, vCursor && elTrans(vCursor, round(cursor.left), 0, plotWidCss, plotHgtCss), hCursor && elTrans(hCursor, 0, round(cursor.top), plotWidCss, plotHgtCss);
          for (let i = 0; i < cursorPts.length; i++) {
            let pt = cursorPts[i];
            pt != null && (cursorPtsLft[i] *= pctWid, cursorPtsTop[i] *= pctHgt, elTrans(pt, ceil(cursorPtsLft[i]), ceil(cursorPtsTop[i]), plotWidCss, plotHgtCss));
          }
        }
        if (select.show && !shouldSetSelect && select.left >= 0 && select.width > 0) {
          select.left *= pctWid, select.width *= pctWid, select.top *= pctHgt, select.height *= pctHgt;
          for (let prop in _hideProps)
            setStylePx(selectDiv, prop, select[prop]);
        }
        _plotLftCss = plotLftCss, _plotTopCss = plotTopCss, _plotWidCss = plotWidCss, _plotHgtCss = plotHgtCss;
      }
      fire("setSize"), shouldSetSize = !1;
    }
    fullWidCss > 0 && fullHgtCss > 0 && (ctx.clearRect(0, 0, can.width, can.height), fire("drawClear"), drawOrder.forEach((fn) => fn()), fire("draw")), select.show && shouldSetSelect && (setSelect(select), shouldSetSelect = !1), showCursor && shouldSetCursor && (updateCursor(null, !0, !1), shouldSetCursor = !1), legend.show && legend.live && shouldSetLegend && (setLegend(), shouldSetLegend = !1), ready || (ready = !0, self.status = 1, fire("ready")), viaAutoScaleX = !1, queuedCommit = !1;
  }
  self.redraw = (rebuildPaths, recalcAxes) => {
    shouldConvergeSize = recalcAxes || !1, rebuildPaths !== !1 ? _setScale(xScaleKey, scaleX.min, scaleX.max) : commit();
  };
  function setScale(key2, opts2) {
    let sc = scales[key2];
    if (sc.from == null) {
      if (dataLen == 0) {
        let minMax = sc.range(self, opts2.min, opts2.max, key2);
        opts2.min = minMax[0], opts2.max = minMax[1];
      }
      if (opts2.min > opts2.max) {
        let _min = opts2.min;
        opts2.min = opts2.max, opts2.max = _min;
      }
      if (dataLen > 1 && opts2.min != null && opts2.max != null && opts2.max - opts2.min < 1e-16)
        return;
      key2 == xScaleKey && sc.distr == 2 && dataLen > 0 && (opts2.min = closestIdx(opts2.min, data[0]), opts2.max = closestIdx(opts2.max, data[0]), opts2.min == opts2.max && opts2.max++), pendScales[key2] = opts2, shouldSetScales = !0, commit();
    }
  }
  self.setScale = setScale;
  let xCursor, yCursor, vCursor, hCursor, rawMouseLeft0, rawMouseTop0, mouseLeft0, mouseTop0, rawMouseLeft1, rawMouseTop1, mouseLeft1, mouseTop1, dragging = !1, drag = cursor.drag, dragX = drag.x, dragY = drag.y;
  showCursor && (cursor.x && (xCursor = placeDiv(CURSOR_X, over)), cursor.y && (yCursor = placeDiv(CURSOR_Y, over)), scaleX.ori == 0 ? (vCursor = xCursor, hCursor = yCursor) : (vCursor = yCursor, hCursor = xCursor), mouseLeft1 = cursor.left, mouseTop1 = cursor.top);
  let select = self.select = assign({
    show: !0,
    over: !0,
    left: 0,
    width: 0,
    top: 0,
    height: 0
  }, opts.select), selectDiv = select.show ? placeDiv(SELECT, select.over ? over : under) : null;
  function setSelect(opts2, _fire) {
    if (select.show) {
      for (let prop in opts2)
        select[prop] = opts2[prop], prop in _hideProps && setStylePx(selectDiv, prop, opts2[prop]);
      _fire !== !1 && fire("setSelect");
    }
  }
  self.setSelect = setSelect;
  function toggleDOM(i) {
    if (series[i].show)
      showLegend && remClass(legendRows[i], OFF);
    else if (showLegend && addClass(legendRows[i], OFF), showCursor) {
      let pt = cursorOnePt ? cursorPts[0] : cursorPts[i];
      pt != null && elTrans(pt, -10, -10, plotWidCss, plotHgtCss);
    }
  }
  function _setScale(key2, min2, max2) {
    setScale(key2, { min: min2, max: max2 });
  }
  function setSeries(i, opts2, _fire, _pub) {
    opts2.focus != null && setFocus(i), opts2.show != null && series.forEach((s, si) => {
      si > 0 && (i == si || i == null) && (s.show = opts2.show, toggleDOM(si), mode == 2 ? (_setScale(s.facets[0].scale, null, null), _setScale(s.facets[1].scale, null, null)) : _setScale(s.scale, null, null), commit());
    }), _fire !== !1 && fire("setSeries", i, opts2), _pub && pubSync("setSeries", self, i, opts2);
  }
  self.setSeries = setSeries;
  function setBand(bi, opts2) {
    assign(bands[bi], opts2);
  }
  function addBand(opts2, bi) {
    opts2.fill = fnOrSelf(opts2.fill || null), opts2.dir = ifNull(opts2.dir, -1), bi = bi ?? bands.length, bands.splice(bi, 0, opts2);
  }
  function delBand(bi) {
    bi == null ? bands.length = 0 : bands.splice(bi, 1);
  }
  self.addBand = addBand, self.setBand = setBand, self.delBand = delBand;
  function setAlpha(i, value) {
    series[i].alpha = value, showCursor && cursorPts[i] != null && (cursorPts[i].style.opacity = value), showLegend && legendRows[i] && (legendRows[i].style.opacity = value);
  }
  let closestDist, closestSeries, focusedSeries, FOCUS_TRUE = { focus: !0 };
  function setFocus(i) {
    if (i != focusedSeries) {
      let allFocused = i == null, _setAlpha = focus.alpha != 1;
      series.forEach((s, i2) => {
        if (mode == 1 || i2 > 0) {
          let isFocused = allFocused || i2 == 0 || i2 == i;
          s._focus = allFocused ? null : isFocused, _setAlpha && setAlpha(i2, isFocused ? 1 : focus.alpha);
        }
      }), focusedSeries = i, _setAlpha && commit();
    }
  }
  showLegend && cursorFocus && onMouse(mouseleave, legendTable, (e) => {
    cursor._lock || (setCursorEvent(e), focusedSeries != null && setSeries(null, FOCUS_TRUE, !0, syncOpts.setSeries));
  });
  function posToVal(pos, scale, can2) {
    let sc = scales[scale];
    can2 && (pos = pos / pxRatio - (sc.ori == 1 ? plotTopCss : plotLftCss));
    let dim = plotWidCss;
    sc.ori == 1 && (dim = plotHgtCss, pos = dim - pos), sc.dir == -1 && (pos = dim - pos);
    let _min = sc._min, _max = sc._max, pct = pos / dim, sv = _min + (_max - _min) * pct, distr = sc.distr;
    return distr == 3 ? pow(10, sv) : distr == 4 ? sinh(sv, sc.asinh) : distr == 100 ? sc.bwd(sv) : sv;
  }
  function closestIdxFromXpos(pos, can2) {
    let v = posToVal(pos, xScaleKey, can2);
    return closestIdx(v, data[0], i0, i1);
  }
  self.valToIdx = (val) => closestIdx(val, data[0]), self.posToIdx = closestIdxFromXpos, self.posToVal = posToVal, self.valToPos = (val, scale, can2) => scales[scale].ori == 0 ? getHPos(
    val,
    scales[scale],
    can2 ? plotWid : plotWidCss,
    can2 ? plotLft : 0
  ) : getVPos(
    val,
    scales[scale],
    can2 ? plotHgt : plotHgtCss,
    can2 ? plotTop : 0
  ), self.setCursor = (opts2, _fire, _pub) => {
    mouseLeft1 = opts2.left, mouseTop1 = opts2.top, updateCursor(null, _fire, _pub);
  };
  function setSelH(off2, dim) {
    setStylePx(selectDiv, LEFT, select.left = off2), setStylePx(selectDiv, WIDTH, select.width = dim);
  }
  function setSelV(off2, dim) {
    setStylePx(selectDiv, "top", select.top = off2), setStylePx(selectDiv, HEIGHT, select.height = dim);
  }
  let setSelX = scaleX.ori == 0 ? setSelH : setSelV, setSelY = scaleX.ori == 1 ? setSelH : setSelV;
  function syncLegend() {
    if (showLegend && legend.live)
      for (let i = mode == 2 ? 1 : 0; i < series.length; i++) {
        if (i == 0 && multiValLegend)
          continue;
        let vals = legend.values[i], j = 0;
        for (let k in vals)
          legendCells[i][j++].firstChild.nodeValue = vals[k];
      }
  }
  function setLegend(opts2, _fire) {
    if (opts2 != null && (opts2.idxs ? opts2.idxs.forEach((didx, sidx) => {
      activeIdxs[sidx] = didx;
    }) : isUndef(opts2.idx) || activeIdxs.fill(opts2.idx), legend.idx = activeIdxs[0]), showLegend && legend.live) {
      for (let sidx = 0; sidx < series.length; sidx++)
        (sidx > 0 || mode == 1 && !multiValLegend) && setLegendValues(sidx, activeIdxs[sidx]);
      syncLegend();
    }
    shouldSetLegend = !1, _fire !== !1 && fire("setLegend");
  }
  self.setLegend = setLegend;
  function setLegendValues(sidx, idx) {
    let s = series[sidx], src = sidx == 0 && xScaleDistr == 2 ? data0 : data[sidx], val;
    multiValLegend ? val = s.values(self, sidx, idx) ?? NULL_LEGEND_VALUES : (val = s.value(self, idx == null ? null : src[idx], sidx, idx), val = val == null ? NULL_LEGEND_VALUES : { _: val }), legend.values[sidx] = val;
  }
  function updateCursor(src, _fire, _pub) {
    rawMouseLeft1 = mouseLeft1, rawMouseTop1 = mouseTop1, [mouseLeft1, mouseTop1] = cursor.move(self, mouseLeft1, mouseTop1), cursor.left = mouseLeft1, cursor.top = mouseTop1, showCursor && (vCursor && elTrans(vCursor, round(mouseLeft1), 0, plotWidCss, plotHgtCss), hCursor && elTrans(hCursor, 0, round(mouseTop1), plotWidCss, plotHgtCss));
    let idx, noDataInRange = i0 > i1;
    closestDist = inf, closestSeries = null;
    let xDim = scaleX.ori == 0 ? plotWidCss : plotHgtCss, yDim = scaleX.ori == 1 ? plotWidCss : plotHgtCss;
    if (mouseLeft1 < 0 || dataLen == 0 || noDataInRange) {
      idx = cursor.idx = null;
      for (let i = 0; i < series.length; i++) {
        let pt = cursorPts[i];
        pt != null && elTrans(pt, -10, -10, plotWidCss, plotHgtCss);
      }
      cursorFocus && setSeries(null, FOCUS_TRUE, !0, src == null && syncOpts.setSeries), legend.live && (activeIdxs.fill(idx), shouldSetLegend = !0);
    } else {
      let mouseXPos, valAtPosX, xPos;
      mode == 1 && (mouseXPos = scaleX.ori == 0 ? mouseLeft1 : mouseTop1, valAtPosX = posToVal(mouseXPos, xScaleKey), idx = cursor.idx = closestIdx(valAtPosX, data[0], i0, i1), xPos = valToPosX(data[0][idx], scaleX, xDim, 0));
      let _ptLft = -10, _ptTop = -10, _ptWid = 0, _ptHgt = 0, _centered = !0, _ptFill = "", _ptStroke = "";
      for (let i = mode == 2 ? 1 : 0; i < series.length; i++) {
        let s = series[i], idx1 = activeIdxs[i], yVal1 = idx1 == null ? null : mode == 1 ? data[i][idx1] : data[i][1][idx1], idx2 = cursor.dataIdx(self, i, idx, valAtPosX), yVal2 = idx2 == null ? null : mode == 1 ? data[i][idx2] : data[i][1][idx2];
        if (shouldSetLegend = shouldSetLegend || yVal2 != yVal1 || idx2 != idx1, activeIdxs[i] = idx2, i > 0 && s.show) {
          let xPos2 = idx2 == null ? -10 : idx2 == idx ? xPos : valToPosX(mode == 1 ? data[0][idx2] : data[i][0][idx2], scaleX, xDim, 0), yPos = yVal2 == null ? -10 : valToPosY(yVal2, mode == 1 ? scales[s.scale] : scales[s.facets[1].scale], yDim, 0);
          if (cursorFocus && yVal2 != null) {
            let mouseYPos = scaleX.ori == 1 ? mouseLeft1 : mouseTop1, dist = abs(focus.dist(self, i, idx2, yPos, mouseYPos));
            if (dist < closestDist) {
              let bias = focus.bias;
              if (bias != 0) {
                let mouseYVal = posToVal(mouseYPos, s.scale), seriesYValSign = yVal2 >= 0 ? 1 : -1, mouseYValSign = mouseYVal >= 0 ? 1 : -1;
                mouseYValSign == seriesYValSign && (mouseYValSign == 1 ? bias == 1 ? yVal2 >= mouseYVal : yVal2 <= mouseYVal : (
                  // >= 0
                  bias == 1 ? yVal2 <= mouseYVal : yVal2 >= mouseYVal
                )) && (closestDist = dist, closestSeries = i);
              } else
                closestDist = dist, closestSeries = i;
            }
          }
          if (shouldSetLegend || cursorOnePt) {
            let hPos, vPos;
            scaleX.ori == 0 ? (hPos = xPos2, vPos = yPos) : (hPos = yPos, vPos = xPos2);
            let ptWid, ptHgt, ptLft, ptTop, ptStroke, ptFill, centered = !0, getBBox = points2.bbox;
            if (getBBox != null) {
              centered = !1;
              let bbox = getBBox(self, i);
              ptLft = bbox.left, ptTop = bbox.top, ptWid = bbox.width, ptHgt = bbox.height;
            } else
              ptLft = hPos, ptTop = vPos, ptWid = ptHgt = points2.size(self, i);
            if (ptFill = points2.fill(self, i), ptStroke = points2.stroke(self, i), cursorOnePt)
              i == closestSeries && closestDist <= focus.prox && (_ptLft = ptLft, _ptTop = ptTop, _ptWid = ptWid, _ptHgt = ptHgt, _centered = centered, _ptFill = ptFill, _ptStroke = ptStroke);
            else {
              let pt = cursorPts[i];
              pt != null && (cursorPtsLft[i] = ptLft, cursorPtsTop[i] = ptTop, elSize(pt, ptWid, ptHgt, centered), elColor(pt, ptFill, ptStroke), elTrans(pt, ceil(ptLft), ceil(ptTop), plotWidCss, plotHgtCss));
            }
          }
        }
      }
      if (cursorOnePt) {
        let p = focus.prox, focusChanged = focusedSeries == null ? closestDist <= p : closestDist > p || closestSeries != focusedSeries;
        if (shouldSetLegend || focusChanged) {
          let pt = cursorPts[0];
          pt != null && (cursorPtsLft[0] = _ptLft, cursorPtsTop[0] = _ptTop, elSize(pt, _ptWid, _ptHgt, _centered), elColor(pt, _ptFill, _ptStroke), elTrans(pt, ceil(_ptLft), ceil(_ptTop), plotWidCss, plotHgtCss));
        }
      }
    }
    if (select.show && dragging)
      if (src != null) {
        let [xKey, yKey] = syncOpts.scales, [matchXKeys, matchYKeys] = syncOpts.match, [xKeySrc, yKeySrc] = src.cursor.sync.scales, sdrag = src.cursor.drag;
        if (dragX = sdrag._x, dragY = sdrag._y, dragX || dragY) {
          let { left, top, width, height } = src.select, sori = src.scales[xKeySrc].ori, sPosToVal = src.posToVal, sOff, sDim, sc, a, b, matchingX = xKey != null && matchXKeys(xKey, xKeySrc), matchingY = yKey != null && matchYKeys(yKey, yKeySrc);
          matchingX && dragX ? (sori == 0 ? (sOff = left, sDim = width) : (sOff = top, sDim = height), sc = scales[xKey], a = valToPosX(sPosToVal(sOff, xKeySrc), sc, xDim, 0), b = valToPosX(sPosToVal(sOff + sDim, xKeySrc), sc, xDim, 0), setSelX(min(a, b), abs(b - a))) : setSelX(0, xDim), matchingY && dragY ? (sori == 1 ? (sOff = left, sDim = width) : (sOff = top, sDim = height), sc = scales[yKey], a = valToPosY(sPosToVal(sOff, yKeySrc), sc, yDim, 0), b = valToPosY(sPosToVal(sOff + sDim, yKeySrc), sc, yDim, 0), setSelY(min(a, b), abs(b - a))) : setSelY(0, yDim);
        } else
          hideSelect();
      } else {
        let rawDX = abs(rawMouseLeft1 - rawMouseLeft0), rawDY = abs(rawMouseTop1 - rawMouseTop0);
        if (scaleX.ori == 1) {
          let _rawDX = rawDX;
          rawDX = rawDY, rawDY = _rawDX;
        }
        dragX = drag.x && rawDX >= drag.dist, dragY = drag.y && rawDY >= drag.dist;
        let uni = drag.uni;
        uni != null ? dragX && dragY && (dragX = rawDX >= uni, dragY = rawDY >= uni, !dragX && !dragY && (rawDY > rawDX ? dragY = !0 : dragX = !0)) : drag.x && drag.y && (dragX || dragY) && (dragX = dragY = !0);
        let p0, p1;
        dragX && (scaleX.ori == 0 ? (p0 = mouseLeft0, p1 = mouseLeft1) : (p0 = mouseTop0, p1 = mouseTop1), setSelX(min(p0, p1), abs(p1 - p0)), dragY || setSelY(0, yDim)), dragY && (scaleX.ori == 1 ? (p0 = mouseLeft0, p1 = mouseLeft1) : (p0 = mouseTop0, p1 = mouseTop1), setSelY(min(p0, p1), abs(p1 - p0)), dragX || setSelX(0, xDim)), !dragX && !dragY && (setSelX(0, 0), setSelY(0, 0));
      }
    if (drag._x = dragX, drag._y = dragY, src == null) {
      if (_pub) {
        if (syncKey != null) {
          let [xSyncKey, ySyncKey] = syncOpts.scales;
          syncOpts.values[0] = xSyncKey != null ? posToVal(scaleX.ori == 0 ? mouseLeft1 : mouseTop1, xSyncKey) : null, syncOpts.values[1] = ySyncKey != null ? posToVal(scaleX.ori == 1 ? mouseLeft1 : mouseTop1, ySyncKey) : null;
        }
        pubSync(mousemove, self, mouseLeft1, mouseTop1, plotWidCss, plotHgtCss, idx);
      }
      if (cursorFocus) {
        let shouldPub = _pub && syncOpts.setSeries, p = focus.prox;
        focusedSeries == null ? closestDist <= p && setSeries(closestSeries, FOCUS_TRUE, !0, shouldPub) : closestDist > p ? setSeries(null, FOCUS_TRUE, !0, shouldPub) : closestSeries != focusedSeries && setSeries(closestSeries, FOCUS_TRUE, !0, shouldPub);
      }
    }
    shouldSetLegend && (legend.idx = idx, setLegend()), _fire !== !1 && fire("setCursor");
  }
  let rect2 = null;
  Object.defineProperty(self, "rect", {
    get() {
      return rect2 == null && syncRect(!1), rect2;
    }
  });
  function syncRect(defer = !1) {
    defer ? rect2 = null : (rect2 = over.getBoundingClientRect(), fire("syncRect", rect2));
  }
  function mouseMove(e, src, _l, _t, _w, _h, _i) {
    cursor._lock || dragging && e != null && e.movementX == 0 && e.movementY == 0 || (cacheMouse(e, src, _l, _t, _w, _h, _i, !1, e != null), e != null ? updateCursor(null, !0, !0) : updateCursor(src, !0, !1));
  }
  function cacheMouse(e, src, _l, _t, _w, _h, _i, initial, snap) {
    if (rect2 == null && syncRect(!1), setCursorEvent(e), e != null)
      _l = e.clientX - rect2.left, _t = e.clientY - rect2.top;
    else {
      if (_l < 0 || _t < 0) {
        mouseLeft1 = -10, mouseTop1 = -10;
        return;
      }
      let [xKey, yKey] = syncOpts.scales, syncOptsSrc = src.cursor.sync, [xValSrc, yValSrc] = syncOptsSrc.values, [xKeySrc, yKeySrc] = syncOptsSrc.scales, [matchXKeys, matchYKeys] = syncOpts.match, rotSrc = src.axes[0].side % 2 == 1, xDim = scaleX.ori == 0 ? plotWidCss : plotHgtCss, yDim = scaleX.ori == 1 ? plotWidCss : plotHgtCss, _xDim = rotSrc ? _h : _w, _yDim = rotSrc ? _w : _h, _xPos = rotSrc ? _t : _l, _yPos = rotSrc ? _l : _t;
      if (xKeySrc != null ? _l = matchXKeys(xKey, xKeySrc) ? getPos(xValSrc, scales[xKey], xDim, 0) : -10 : _l = xDim * (_xPos / _xDim), yKeySrc != null ? _t = matchYKeys(yKey, yKeySrc) ? getPos(yValSrc, scales[yKey], yDim, 0) : -10 : _t = yDim * (_yPos / _yDim), scaleX.ori == 1) {
        let __l = _l;
        _l = _t, _t = __l;
      }
    }
    snap && (src == null || src.cursor.event.type == mousemove) && ((_l <= 1 || _l >= plotWidCss - 1) && (_l = incrRound(_l, plotWidCss)), (_t <= 1 || _t >= plotHgtCss - 1) && (_t = incrRound(_t, plotHgtCss))), initial ? (rawMouseLeft0 = _l, rawMouseTop0 = _t, [mouseLeft0, mouseTop0] = cursor.move(self, _l, _t)) : (mouseLeft1 = _l, mouseTop1 = _t);
  }
  let _hideProps = {
    width: 0,
    height: 0,
    left: 0,
    top: 0
  };
  function hideSelect() {
    setSelect(_hideProps, !1);
  }
  let downSelectLeft, downSelectTop, downSelectWidth, downSelectHeight;
  function mouseDown(e, src, _l, _t, _w, _h, _i) {
    dragging = !0, dragX = dragY = drag._x = drag._y = !1, cacheMouse(e, src, _l, _t, _w, _h, _i, !0, !1), e != null && (onMouse(mouseup, doc, mouseUp, !1), pubSync(mousedown, self, mouseLeft0, mouseTop0, plotWidCss, plotHgtCss, null));
    let { left, top, width, height } = select;
    downSelectLeft = left, downSelectTop = top, downSelectWidth = width, downSelectHeight = height;
  }
  function mouseUp(e, src, _l, _t, _w, _h, _i) {
    dragging = drag._x = drag._y = !1, cacheMouse(e, src, _l, _t, _w, _h, _i, !1, !0);
    let { left, top, width, height } = select, hasSelect = width > 0 || height > 0, chgSelect = downSelectLeft != left || downSelectTop != top || downSelectWidth != width || downSelectHeight != height;
    if (hasSelect && chgSelect && setSelect(select), drag.setScale && hasSelect && chgSelect) {
      let xOff = left, xDim = width, yOff = top, yDim = height;
      if (scaleX.ori == 1 && (xOff = top, xDim = height, yOff = left, yDim = width), dragX && _setScale(
        xScaleKey,
        posToVal(xOff, xScaleKey),
        posToVal(xOff + xDim, xScaleKey)
      ), dragY)
        for (let k in scales) {
          let sc = scales[k];
          k != xScaleKey && sc.from == null && sc.min != inf && _setScale(
            k,
            posToVal(yOff + yDim, k),
            posToVal(yOff, k)
          );
        }
      hideSelect();
    } else cursor.lock && (cursor._lock = !cursor._lock, updateCursor(src, !0, e != null));
    e != null && (offMouse(mouseup, doc), pubSync(mouseup, self, mouseLeft1, mouseTop1, plotWidCss, plotHgtCss, null));
  }
  function mouseLeave(e, src, _l, _t, _w, _h, _i) {
    if (cursor._lock)
      return;
    setCursorEvent(e);
    let _dragging = dragging;
    if (dragging) {
      let snapH = !0, snapV = !0, snapProx = 10, dragH, dragV;
      scaleX.ori == 0 ? (dragH = dragX, dragV = dragY) : (dragH = dragY, dragV = dragX), dragH && dragV && (snapH = mouseLeft1 <= snapProx || mouseLeft1 >= plotWidCss - snapProx, snapV = mouseTop1 <= snapProx || mouseTop1 >= plotHgtCss - snapProx), dragH && snapH && (mouseLeft1 = mouseLeft1 < mouseLeft0 ? 0 : plotWidCss), dragV && snapV && (mouseTop1 = mouseTop1 < mouseTop0 ? 0 : plotHgtCss), updateCursor(null, !0, !0), dragging = !1;
    }
    mouseLeft1 = -10, mouseTop1 = -10, activeIdxs.fill(null), updateCursor(null, !0, !0), _dragging && (dragging = _dragging);
  }
  function dblClick(e, src, _l, _t, _w, _h, _i) {
    cursor._lock || (setCursorEvent(e), autoScaleX(), hideSelect(), e != null && pubSync(dblclick, self, mouseLeft1, mouseTop1, plotWidCss, plotHgtCss, null));
  }
  function syncPxRatio() {
    axes.forEach(syncFontSize), _setSize(self.width, self.height, !0);
  }
  on(dppxchange, win, syncPxRatio);
  let events = {};
  events.mousedown = mouseDown, events.mousemove = mouseMove, events.mouseup = mouseUp, events.dblclick = dblClick, events.setSeries = (e, src, idx, opts2) => {
    let seriesIdxMatcher2 = syncOpts.match[2];
    idx = seriesIdxMatcher2(self, src, idx), idx != -1 && setSeries(idx, opts2, !0, !1);
  }, showCursor && (onMouse(mousedown, over, mouseDown), onMouse(mousemove, over, mouseMove), onMouse(mouseenter, over, (e) => {
    setCursorEvent(e), syncRect(!1);
  }), onMouse(mouseleave, over, mouseLeave), onMouse(dblclick, over, dblClick), cursorPlots.add(self), self.syncRect = syncRect);
  let hooks = self.hooks = opts.hooks || {};
  function fire(evName, a1, a2) {
    deferHooks ? hooksQueue.push([evName, a1, a2]) : evName in hooks && hooks[evName].forEach((fn) => {
      fn.call(null, self, a1, a2);
    });
  }
  (opts.plugins || []).forEach((p) => {
    for (let evName in p.hooks)
      hooks[evName] = (hooks[evName] || []).concat(p.hooks[evName]);
  });
  let seriesIdxMatcher = (self2, src, srcSeriesIdx) => srcSeriesIdx, syncOpts = assign({
    key: null,
    setSeries: !1,
    filters: {
      pub: retTrue,
      sub: retTrue
    },
    scales: [xScaleKey, series[1] ? series[1].scale : null],
    match: [retEq, retEq, seriesIdxMatcher],
    values: [null, null]
  }, cursor.sync);
  syncOpts.match.length == 2 && syncOpts.match.push(seriesIdxMatcher), cursor.sync = syncOpts;
  let syncKey = syncOpts.key, sync = _sync(syncKey);
  function pubSync(type, src, x, y, w, h, i) {
    syncOpts.filters.pub(type, src, x, y, w, h, i) && sync.pub(type, src, x, y, w, h, i);
  }
  sync.sub(self);
  function pub(type, src, x, y, w, h, i) {
    syncOpts.filters.sub(type, src, x, y, w, h, i) && events[type](null, src, x, y, w, h, i);
  }
  self.pub = pub;
  function destroy() {
    sync.unsub(self), cursorPlots.delete(self), mouseListeners.clear(), off(dppxchange, win, syncPxRatio), root.remove(), legendTable?.remove(), fire("destroy");
  }
  self.destroy = destroy;
  function _init() {
    fire("init", opts, data), setData(data || opts.data, !1), pendScales[xScaleKey] ? setScale(xScaleKey, pendScales[xScaleKey]) : autoScaleX(), shouldSetSelect = select.show && (select.width > 0 || select.height > 0), shouldSetCursor = shouldSetLegend = !0, _setSize(opts.width, opts.height);
  }
  return series.forEach(initSeries), axes.forEach(initAxis), then ? then instanceof HTMLElement ? (then.appendChild(root), _init()) : then(self, _init) : _init(), self;
}
uPlot.assign = assign;
uPlot.fmtNum = fmtNum;
uPlot.rangeNum = rangeNum;
uPlot.rangeLog = rangeLog;
uPlot.rangeAsinh = rangeAsinh;
uPlot.orient = orient;
uPlot.pxRatio = pxRatio;
uPlot.join = join;
uPlot.fmtDate = fmtDate, uPlot.tzDate = tzDate;
uPlot.sync = _sync;
{
  uPlot.addGap = addGap, uPlot.clipGaps = clipGaps;
  let paths = uPlot.paths = {
    points
  };
  paths.linear = linear, paths.stepped = stepped, paths.bars = bars, paths.spline = monotoneCubic;
}
export {
  uPlot as default
};
