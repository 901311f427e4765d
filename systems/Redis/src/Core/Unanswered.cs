using Microcosm.Runtime;

namespace Microcosm.Redis;

/// <summary>An operation under observation whose reply is still to come: it blocks, or is held back.</summary>
/// <param name="Span">Ends with the reply.</param>
/// <param name="Errors">Error replies of the client before the one to come.</param>
internal sealed record Unanswered(OperationSpan Span, long Errors);
