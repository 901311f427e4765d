using System.Text;

namespace Microcosm.Http;

/// <summary>How long a response's body is (RFC 9112 6.3). Two lengths, or a length and a coding, are no framing.</summary>
internal readonly record struct ResponseFraming(ResponseFault Fault, long Length, bool IsChunked)
{
    /// <summary>By the fields of a response; a length of -1 without chunks lasts to the connection's end.</summary>
    public static ResponseFraming Of(HttpMethod method, int status, HeaderList headers)
    {
        var (length, chunked) = (-1L, false);
        for (var i = 0; i < headers.Count; i++)
        {
            var field = headers[i];
            if (field.Known == KnownHeader.ContentLength)
            {
                if (length >= 0)
                    return new ResponseFraming(ResponseFault.DuplicateHeader, -1, false);
                if (!RequestFraming.TryLength(field.Value, out length))
                    return new ResponseFraming(ResponseFault.InvalidContentLength, -1, false);
            }
            else if (field.Known == KnownHeader.TransferEncoding)
            {
                if (chunked)
                    return new ResponseFraming(ResponseFault.DuplicateHeader, -1, false);
                chunked = Ascii.EqualsIgnoreCase(field.Value, "chunked"u8);
                if (!chunked)
                    return new ResponseFraming(ResponseFault.UnknownTransferEncoding, -1, false);
            }
        }
        if (chunked && length >= 0)
            return new ResponseFraming(ResponseFault.ContentLengthAndTransferEncoding, -1, false);
        var hasNone = method == HttpMethod.Head || status is < 200 or 204 or 304;
        return hasNone ? new ResponseFraming(ResponseFault.None, 0, false) : new ResponseFraming(ResponseFault.None, length, chunked);
    }
}
