using System.Globalization;
using System.Numerics;
using System.Text;

namespace Microcosm.Redis;

/// <summary>
/// The numbers of INCRBYFLOAT and HINCRBYFLOAT. Redis computes them in the 80-bit long doubles of x87, which C# lacks: an integer of at
/// most 64 bits times a power of two, every result rounded to the nearest, ties to even. It prints 17 decimals without trailing zeros.
/// </summary>
internal readonly struct LongDouble
{
    private const int MantissaBits = 64;
    private const int DecimalsMax = 17;

    // Values reach 2^16384; beyond this Redis answers "would produce NaN or Infinity".
    private const int ExponentMax = 16384;
    private const int TextBytesMax = 5 * 1024;

    private readonly BigInteger _mantissa;
    private readonly int _exponent;

    private LongDouble(BigInteger mantissa, int exponent)
    {
        _mantissa = mantissa;
        _exponent = exponent;
    }

    public static LongDouble Zero => new(BigInteger.Zero, 0);

    private bool IsFinite => BigInteger.Abs(_mantissa).GetBitLength() + _exponent <= ExponentMax;

    /// <summary>Reads a decimal with optional exponent; infinities and nan are refused here.</summary>
    public static bool TryParse(ReadOnlySpan<byte> bytes, out LongDouble value)
    {
        value = default;
        if (bytes.IsEmpty || bytes.Length > TextBytesMax)
            return false;
        var text = Encoding.ASCII.GetString(bytes);
        var e = text.AsSpan().IndexOfAny('e', 'E');
        var exponent = 0;
        if (e >= 0 && !int.TryParse(text.AsSpan(e + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out exponent))
            return false;
        var number = e >= 0 ? text[..e] : text;
        var point = number.IndexOf('.');
        var digits = point < 0 ? number : number.Remove(point, 1);
        const NumberStyles Signed = NumberStyles.AllowLeadingSign;
        if (digits.Length == 0 || !BigInteger.TryParse(digits, Signed, CultureInfo.InvariantCulture, out var unscaled))
            return false;
        var scale = (point < 0 ? 0 : number.Length - point - 1) - (long)exponent;
        if (Math.Abs(scale) > ExponentMax)
            return false;
        value = scale <= 0
            ? Round(unscaled * BigInteger.Pow(10, (int)-scale), 0)
            : Divide(unscaled, BigInteger.Pow(10, (int)scale));
        return value.IsFinite;
    }

    /// <summary>Adds; false when the sum leaves the range.</summary>
    public static bool TryAdd(LongDouble a, LongDouble b, out LongDouble sum)
    {
        var exponent = Math.Min(a._exponent, b._exponent);
        sum = Round((a._mantissa << (a._exponent - exponent)) + (b._mantissa << (b._exponent - exponent)), exponent);
        return sum.IsFinite;
    }

    /// <summary>Decimal, at most 17 places, no trailing zeros, no exponent.</summary>
    public override string ToString()
    {
        var scaled = BigInteger.Abs(_mantissa) * BigInteger.Pow(10, DecimalsMax);
        scaled = _exponent >= 0 ? scaled << _exponent : ShiftRight(scaled, -_exponent);
        var digits = scaled.ToString(CultureInfo.InvariantCulture).PadLeft(DecimalsMax + 1, '0');
        digits = digits.Insert(digits.Length - DecimalsMax, ".").TrimEnd('0').TrimEnd('.');
        return _mantissa.Sign < 0 && !scaled.IsZero ? "-" + digits : digits;
    }

    // The quotient in 64 bits: computed with two bits more, the last of which says whether anything is left.
    private static LongDouble Divide(BigInteger dividend, BigInteger divisor)
    {
        var shift = MantissaBits + 2 + (int)(divisor.GetBitLength() - BigInteger.Abs(dividend).GetBitLength());
        shift = Math.Max(shift, 0);
        var quotient = BigInteger.DivRem(BigInteger.Abs(dividend) << shift, divisor, out var rest);
        quotient = (quotient << 1) | (rest.IsZero ? 0 : 1);
        return Round(dividend.Sign < 0 ? -quotient : quotient, -shift - 1);
    }

    private static LongDouble Round(BigInteger value, int exponent)
    {
        var excess = (int)BigInteger.Abs(value).GetBitLength() - MantissaBits;
        if (excess <= 0)
            return new LongDouble(value, exponent);
        var rounded = ShiftRight(BigInteger.Abs(value), excess);
        return new LongDouble(value.Sign < 0 ? -rounded : rounded, exponent + excess);
    }

    // Halves so many times, to the nearest, ties to even. The value is not negative.
    private static BigInteger ShiftRight(BigInteger value, int bits)
    {
        var kept = value >> bits;
        var half = BigInteger.One << (bits - 1);
        var lost = value - (kept << bits);
        return lost > half || (lost == half && !kept.IsEven) ? kept + 1 : kept;
    }
}
