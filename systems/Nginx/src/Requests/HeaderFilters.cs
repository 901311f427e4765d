namespace Microcosm.Nginx;

/// <summary>What is done to a response's head before ranges are cut and it leaves, in nginx' order.</summary>
internal static class HeaderFilters
{
    /// <summary>False: the request is answered otherwise, or broken off.</summary>
    /// <param name="filters">For the body; null for none.</param>
    public static bool TryRun(HttpRequest request, Sending sending, out BodyFilter? filters)
    {
        filters = null;
        var response = request.Response;
        if (request.ErrorStatus != 0)
            (response.Status, request.ErrorStatus, response.LastModified) = (request.ErrorStatus, 0, null);
        if (request.Slice is { } slice && !slice.TryAccept(request))
        {
            request.Exchange.Abort();
            return false;
        }
        // What stands in another response goes as it is; parts of one have that one's filters.
        if (request.Parent is not null)
        {
            filters = request.Slice is null ? BodyFilters.Begin(request, sending) : null;
            return true;
        }
        if (!request.HasErrorPage && !response.IsUnconditional && Conditions.Check(request) is var changed && changed != 0)
        {
            if (changed != 304)
            {
                Answers.Finish(request, changed);
                return false;
            }
            Conditions.NotModified(response);
        }
        Fields.Add(request);
        UserId.AddTo(request);
        filters = BodyFilters.Begin(request, sending);
        return true;
    }
}
