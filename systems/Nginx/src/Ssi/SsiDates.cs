using System.Runtime.InteropServices;

namespace Microcosm.Nginx;

/// <summary><c>$date_gmt</c> and <c>$date_local</c>: times in the words of the system's strftime.</summary>
internal static unsafe partial class SsiDates
{
    private const int TextBytesMax = 2048;

    // More than any system's struct tm.
    private const int FieldsBytes = 128;

    /// <summary>Empty where the format makes nothing, or too much.</summary>
    /// <param name="seconds">Since 1970.</param>
    public static byte[] Write(string format, long seconds, bool isLocal)
    {
        if (format == "%s")
            return Latin1.Bytes(seconds.ToString(System.Globalization.CultureInfo.InvariantCulture));
        var fields = stackalloc byte[FieldsBytes];
        if (isLocal)
            LocalTime(&seconds, fields);
        else
            UtcTime(&seconds, fields);
        var text = stackalloc byte[TextBytesMax];
        fixed (byte* wanted = (byte[])[.. Latin1.Bytes(format), 0])
            return new ReadOnlySpan<byte>(text, (int)Format(text, TextBytesMax, wanted, fields)).ToArray();
    }

    [LibraryImport("libc", EntryPoint = "localtime_r")]
    private static partial byte* LocalTime(long* seconds, byte* fields);

    [LibraryImport("libc", EntryPoint = "gmtime_r")]
    private static partial byte* UtcTime(long* seconds, byte* fields);

    [LibraryImport("libc", EntryPoint = "strftime")]
    private static partial nuint Format(byte* text, nuint max, byte* format, byte* fields);
}
