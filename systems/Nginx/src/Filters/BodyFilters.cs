namespace Microcosm.Nginx;

/// <summary>The filters of a response, in nginx' order.</summary>
internal static class BodyFilters
{
    /// <summary>The first of them, behind whose last is the client; they have changed the response's head. Null: there is none.</summary>
    public static BodyFilter? Begin(HttpRequest request, Sending sending)
    {
        BodyFilter? first = null, last = null;
        Append(GunzipFilter.TryBegin(request));
        Append(AdditionFilter.TryBegin(request, sending));
        Append(SubFilter.TryBegin(request));
        Append(CharsetFilter.TryBegin(request));
        Append(SsiFilter.TryBegin(request, sending));
        Append(BrotliFilter.TryBegin(request));
        Append(GzipFilter.TryBegin(request));
        Append(PacedOutput.TryBegin(request, sending));
        if (first is not null)
            last!.Next = new ResponseOutput(sending, request);
        return first;

        void Append(BodyFilter? filter)
        {
            if (filter is null)
                return;
            if (last is null)
                first = filter;
            else
                last.Next = filter;
            last = filter;
        }
    }
}
