using System.Runtime.InteropServices;
using System.Text;

namespace Microcosm.Http;

/// <summary>The thread's queue of errors, which every call on the thread shares: it is emptied before a call and taken after it.</summary>
internal static unsafe class OpenSslErrors
{
    private const int TextBytesMax = 256;
    private const int LibraryOfPem = 9;
    private const int NoStartLine = 108;

    // ERR_GET_REASON of what a peer can bring about, whoever we are; nginx logs these as "info", anything else as "crit".
    private static readonly HashSet<int> OfPeers =
    [
        101, 102, 103, 108, 110, 111, 112, 115, 118, 122, 129, 133, 137, 145, 146, 149, 150, 151, 152, 154, 155, 156, 159, 160, 182, 183,
        186, 187, 193, 198, 205, 213, 220, 226, 227, 234, 235, 244, 245, 246, 252, 253, 256, 258, 266, 267, 270, 271, 281, 291, 292, 293,
        298, 300, 306, 313, 335, 336, 337, 338, 345, 373, 376, 377, 396, 409, 443,
    ];

    public static bool AreNone => LibCrypto.PeekError() == 0;

    /// <summary>True where the latest error says that a PEM text has no further block.</summary>
    public static bool IsEndOfPem
    {
        get
        {
            var error = LibCrypto.PeekLastError();
            return ((int)(error >> 23) & 0xff) == LibraryOfPem && ReasonOf(error) == NoStartLine;
        }
    }

    /// <summary>True where the latest error is of a kind that peers cause.</summary>
    public static bool IsPeersFault =>
        ReasonOf(LibCrypto.PeekLastError()) is var reason && (OfPeers.Contains(reason) || reason is >= 1000 and <= 1255);

    /// <summary>Empties the queue: <paramref name="what"/> with the errors behind it, as nginx writes them.</summary>
    public static string Take(string what)
    {
        if (AreNone)
            return what;
        var text = new StringBuilder(what).Append(" (SSL:");
        var buffer = stackalloc byte[TextBytesMax];
        while (true)
        {
            byte* data;
            int flags;
            var error = LibCrypto.TakeError(null, null, null, &data, &flags);
            if (error == 0)
                break;
            LibCrypto.ErrorText(error, buffer, TextBytesMax);
            text.Append(' ').Append(TextOf(buffer));
            if (data is not null && *data != 0 && (flags & LibCrypto.ErrorHasText) != 0)
                text.Append(':').Append(TextOf(data));
        }
        return text.Append(')').ToString();
    }

    /// <summary>A text that ends with a zero, byte for byte; null is empty.</summary>
    public static string TextOf(byte* text) =>
        text is null ? "" : Encoding.Latin1.GetString(MemoryMarshal.CreateReadOnlySpanFromNullTerminated(text));

    private static int ReasonOf(nuint error) => (int)(error & 0x7fffff);
}
