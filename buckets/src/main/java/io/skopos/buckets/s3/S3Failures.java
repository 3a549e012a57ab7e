// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.buckets.s3;

import io.skopos.buckets.FailureKind;
import io.skopos.buckets.RequestFailure;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Objects;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.AbortedException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.exception.SdkException;

/** What the SDK throws, as failures of ours. */
final class S3Failures {

  private S3Failures() {}

  /**
   * @param thrown an {@link SdkException}, or what the SDK lets through when an answer breaks off
   */
  static IOException of(RuntimeException thrown) {
    return switch (thrown) {
      case UncheckedIOException e -> RequestFailure.of(Objects.requireNonNull(e.getCause()));
      case AbortedException e -> interrupted(e);
      case AwsServiceException e -> answered(e);
      case SdkClientException e -> unanswered(e);
      default ->
          new RequestFailure(FailureKind.UNAVAILABLE, RequestFailure.message(thrown), thrown);
    };
  }

  private static RequestFailure answered(AwsServiceException e) {
    AwsErrorDetails details = e.awsErrorDetails();
    String code = details == null || details.errorCode() == null ? "" : details.errorCode();
    String text = details == null || details.errorMessage() == null ? "" : details.errorMessage();
    String message =
        ("answered " + e.statusCode() + " " + code + (text.isEmpty() ? "" : ": " + text)).trim();
    return new RequestFailure(kind(e.statusCode(), code), message, retryAfter(details), e);
  }

  private static FailureKind kind(int status, String code) {
    return switch (code) {
      case "SlowDown",
          "Throttling",
          "ThrottlingException",
          "RequestLimitExceeded",
          "TooManyRequests" ->
          FailureKind.THROTTLED;
      case "RequestTimeTooSkewed", "RequestExpired", "ExpiredToken", "ExpiredTokenException" ->
          FailureKind.STALE_SIGNATURE;
      case "ConditionalRequestConflict", "OperationAborted" -> FailureKind.CONTENDED;
      case "RequestTimeout", "IncompleteBody", "BadDigest" -> FailureKind.UNAVAILABLE;
      case "NoSuchBucket" -> FailureKind.NO_BUCKET;
      case "InvalidAccessKeyId", "SignatureDoesNotMatch", "InvalidToken", "TokenRefreshRequired" ->
          FailureKind.CREDENTIALS;
      case "PermanentRedirect",
          "TemporaryRedirect",
          "AuthorizationHeaderMalformed",
          "IllegalLocationConstraintException" ->
          FailureKind.WRONG_REGION;
      case "NotImplemented" -> FailureKind.UNSUPPORTED;
      default -> kind(status);
    };
  }

  private static FailureKind kind(int status) {
    return switch (status) {
      case 301, 307 -> FailureKind.WRONG_REGION;
      default -> FailureKind.ofStatus(status);
    };
  }

  private static Duration retryAfter(AwsErrorDetails details) {
    if (details == null || details.sdkHttpResponse() == null) {
      return Duration.ZERO;
    }
    try {
      return details
          .sdkHttpResponse()
          .firstMatchingHeader("Retry-After")
          .map(value -> Duration.ofSeconds(Long.parseLong(value.trim())))
          .orElse(Duration.ZERO);
    } catch (NumberFormatException e) {
      return Duration.ZERO; // a date, which nobody sends here
    }
  }

  private static IOException unanswered(SdkClientException e) {
    for (Throwable at = e.getCause(); at != null; at = at.getCause()) {
      if (at instanceof IOException io) {
        return RequestFailure.of(io);
      }
      if (at instanceof InterruptedException) {
        return interrupted(e);
      }
    }
    String message = RequestFailure.message(e);
    return message.contains("credentials")
        ? new RequestFailure(FailureKind.CREDENTIALS, message, e)
        : new RequestFailure(FailureKind.UNAVAILABLE, message, e);
  }

  private static InterruptedIOException interrupted(SdkException e) {
    Thread.currentThread().interrupt();
    InterruptedIOException interrupted = new InterruptedIOException("interrupted");
    interrupted.initCause(e);
    return interrupted;
  }
}
