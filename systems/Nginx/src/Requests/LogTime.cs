using System.Globalization;

namespace Microcosm.Nginx;

/// <summary>Times as logs have them.</summary>
internal static class LogTime
{
    /// <summary><c>2024-01-02T03:04:05+00:00</c>.</summary>
    public static string Iso(DateTimeOffset time) => time.ToString("yyyy-MM-ddTHH:mm:sszzz", CultureInfo.InvariantCulture);

    /// <summary><c>02/Jan/2024:03:04:05 +0000</c>.</summary>
    public static string Local(DateTimeOffset time) =>
        time.ToString("dd/MMM/yyyy:HH:mm:ss ", CultureInfo.InvariantCulture)
            + time.ToString("zzz", CultureInfo.InvariantCulture).Replace(":", "");

    /// <summary><c>2024/01/02 03:04:05</c>, of error logs.</summary>
    public static string Error(DateTimeOffset time) => time.ToString("yyyy/MM/dd HH:mm:ss", CultureInfo.InvariantCulture);
}
