/** 1 if a * b + c is rounded once here: the fused module must say 1, the plain one 0. */
export function fuses(a: f32, b: f32, c: f32): i32 {
  const x = f32x4.splat(a), y = f32x4.splat(b), z = f32x4.splat(c);
  const twice = f32x4.add(f32x4.mul(x, y), z);
  const once = ASC_FEATURE_RELAXED_SIMD ? f32x4.relaxed_madd(x, y, z) : twice;
  return f32x4.extract_lane(once, 0) != f32x4.extract_lane(twice, 0) ? 1 : 0;
}
