using System.Globalization;
using System.Numerics;
using System.Text;

namespace Microcosm.Redis;

/// <summary>
/// The numbers of INCRBYFLOAT and HINCRBYFLOAT. Redis computes in 80-bit long doubles and prints 17 decimals without trailing zeros; C#
/// has no such type,
/// so this holds an exact decimal: an integer times ten to a negative power. It prints at most 17 decimals, as Redis does.
/// </summary>
internal readonly struct LongDouble
{
    private const int DecimalsMax = 17;

    // long double reaches 1e4932; beyond this Redis answers "would produce NaN or Infinity".
    private const int DigitsMax = 4932;

    private readonly BigInteger _unscaled;
    private readonly int _scale;

    private LongDouble(BigInteger unscaled, int scale)
    {
        _unscaled = unscaled;
        _scale = scale;
    }

    public static LongDouble Zero => new(BigInteger.Zero, 0);

    /// <summary>Reads a decimal with optional exponent; infinities and nan are refused here.</summary>
    public static bool TryParse(ReadOnlySpan<byte> bytes, out LongDouble value)
    {
        value = default;
        if (bytes.IsEmpty || bytes.Length > 256)
            return false;
        var text = Encoding.ASCII.GetString(bytes);
        var e = text.AsSpan().IndexOfAny('e', 'E');
        var exponent = 0;
        if (e >= 0 && !int.TryParse(text.AsSpan(e + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out exponent))
            return false;
        var mantissa = e >= 0 ? text[..e] : text;
        var point = mantissa.IndexOf('.');
        var digits = point < 0 ? mantissa : mantissa.Remove(point, 1);
        if (digits.Length == 0 || !BigInteger.TryParse(digits, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture,
            out var unscaled))
            return false;
        var scale = (point < 0 ? 0 : mantissa.Length - point - 1) - exponent;
        if (Math.Abs((long)scale) > DigitsMax)
            return false;
        value = scale < 0 ? new LongDouble(unscaled * BigInteger.Pow(10, -scale), 0) : new LongDouble(unscaled, scale);
        return true;
    }

    /// <summary>Adds; false when the sum leaves the range.</summary>
    public static bool TryAdd(LongDouble a, LongDouble b, out LongDouble sum)
    {
        var scale = Math.Max(a._scale, b._scale);
        var total = a._unscaled * BigInteger.Pow(10, scale - a._scale) + b._unscaled * BigInteger.Pow(10, scale - b._scale);
        sum = new LongDouble(total, scale);
        return BigInteger.Abs(total).GetBitLength() < DigitsMax * 10 / 3;
    }

    /// <summary>Decimal, at most 17 places, no trailing zeros, no exponent.</summary>
    public override string ToString()
    {
        var (unscaled, scale) = (_unscaled, _scale);
        if (scale > DecimalsMax)
        {
            var divisor = BigInteger.Pow(10, scale - DecimalsMax);
            var half = divisor / 2;
            unscaled = (unscaled + (unscaled.Sign < 0 ? -half : half)) / divisor;
            scale = DecimalsMax;
        }
        var digits = BigInteger.Abs(unscaled).ToString(CultureInfo.InvariantCulture);
        if (scale > 0)
        {
            digits = digits.PadLeft(scale + 1, '0');
            digits = digits.Insert(digits.Length - scale, ".").TrimEnd('0').TrimEnd('.');
        }
        return unscaled.Sign < 0 && digits.AsSpan().IndexOfAnyExcept('0', '.') >= 0 ? "-" + digits : digits;
    }
}
