using System.Globalization;

namespace Microcosm.Chubby;

/// <summary>Errors as fault rules spell them: <c>NoNode</c>, <c>NONODE</c> or <c>-101</c>.</summary>
internal static class Refusals
{
    public static ZooError Parse(string text) =>
        int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var code) ? (ZooError)code
        : Enum.TryParse<ZooError>(text, ignoreCase: true, out var error) ? error
        : ZooError.SystemError;
}
